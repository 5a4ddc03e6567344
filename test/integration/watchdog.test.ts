import { afterEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { TestProcess, eventually } from '@pdf-tools/harness/processes';

const MODULE = new URL('../../harness/dist/watched.js', import.meta.url).pathname;
/** Several ticks of the watchdog, which come once a second. One or two may fall between those of the main loop. */
const MAX_SILENCE_MS = 3_500;

let watched: TestProcess;
afterEach(() => watched.crash());

async function start(...behaviour: 'hang'[]): Promise<void> {
  watched = new TestProcess('watched', process.execPath, [MODULE, String(MAX_SILENCE_MS), ...behaviour], {});
  await eventually(() => Promise.resolve(watched.output.includes('started')), 'started');
}

function endedWithin(ms: number): Promise<boolean> {
  return Promise.race([watched.exited.then(() => true), sleep(ms, false)]);
}

describe('the watchdog', () => {
  it('ends a process whose main loop hangs', async () => {
    await start('hang');
    expect(await endedWithin(60_000)).toBe(true);
    expect(watched.output).toContain('the main loop hangs');
  });

  it('does not end a process that was frozen as a whole', async () => {
    await start();
    for (let i = 0; i < 2; i++) {
      watched.signal('SIGSTOP');
      await sleep(MAX_SILENCE_MS + 1_500);
      watched.signal('SIGCONT');
      expect(await endedWithin(1_200)).toBe(false);
    }
  });
});
