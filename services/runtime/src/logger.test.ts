import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';

const LOGGER = new URL('./logger.js', import.meta.url).href;

/** Runs a module that has `log` and `writes`, the texts written so far. Returns the messages that reached standard output. */
function messagesOf(code: string): string[] {
  const script = `
    const { createLogger } = await import(${JSON.stringify(LOGGER)});
    const log = createLogger({ service: 'test', level: 'info' });
    const writes = [];
    const write = process.stdout.write.bind(process.stdout);
    process.stdout.write = (text) => { writes.push(text); return write(text); };
    ${code}`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => (JSON.parse(line) as { message: string }).message);
}

const LINES = "for (const n of [1, 2, 3]) log.info('line ' + n);";

describe('a logger', () => {
  it('writes the lines of a moment together', () => {
    const code = `${LINES} setTimeout(() => log.info('writes: ' + writes.length), 1000);`;
    expect(messagesOf(code)).toEqual(['line 1', 'line 2', 'line 3', 'writes: 1']);
  });

  it('writes an error at once, after the lines before it', () => {
    const code = `${LINES} log.error('failed'); process.kill(process.pid, 'SIGKILL');`;
    expect(messagesOf(code)).toEqual(['line 1', 'line 2', 'line 3', 'failed']);
  });

  it.each([
    ['process.exit', 'process.exit(3);'],
    ['an uncaught exception', "throw new Error('bug');"],
    ['an unhandled rejection', "void Promise.reject(new Error('bug')); await new Promise(() => undefined);"],
    ['the last event', ''],
  ])('loses no line when the process ends by %s', (_what, end) => {
    expect(messagesOf(`${LINES} ${end}`)).toEqual(['line 1', 'line 2', 'line 3']);
  });
});
