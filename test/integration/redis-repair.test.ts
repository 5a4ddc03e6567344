import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '@pdf-tools/runtime/logger';
import { createRedis } from '@pdf-tools/runtime/redis';
import type { Redis } from '@pdf-tools/runtime/redis';
import { freePort } from '@pdf-tools/harness/ports';
import { eventually } from '@pdf-tools/harness/processes';
import type { TestProcess } from '@pdf-tools/harness/processes';
import { TestRedis } from '@pdf-tools/harness/redis';

const SCRIPT = fileURLToPath(new URL('../../../compose/redis-repair.sh', import.meta.url));
const KEYS = 200;

let folder = '';
let server: TestRedis;
const data = (...names: string[]): string => join(folder, 'redis', ...names);
const INCREMENT = 'appendonly.aof.1.incr.aof';
const aof = (name: string): string => data('appendonlydir', name);

/** Runs Redis while `use` runs, and returns its log. */
async function withRedis(use: (redis: Redis) => Promise<void>): Promise<string> {
  const process: TestProcess = server.start();
  const redis = createRedis(server.settingsOf('operator'), createLogger({ service: 'test', level: 'error' }));
  try {
    const died = process.exited.then(() => {
      throw new Error(`Redis ended: ${process.output}`);
    });
    died.catch(() => undefined);
    await Promise.race([redis.connect(), died]);
    await eventually(async () => (await redis.ping()) === 'PONG', 'loaded');
    await use(redis);
  } finally {
    redis.destroy();
    await process.stop();
  }
  return process.output;
}

/** Starts Redis on files that it refuses, and returns its messages. */
async function refusal(): Promise<string> {
  const process = server.start();
  expect(await process.exited).toBe(1);
  return process.output;
}

function repair(verb: 'check' | 'fix'): Promise<{ code: number; text: string }> {
  return new Promise((resolve) => {
    execFile('sh', [SCRIPT, verb, data()], (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, text: stdout + stderr });
    });
  });
}

/** Overwrites the bytes of a file from an offset on. */
function damage(name: string, offset: number, bytes: string): Buffer {
  const content = readFileSync(aof(name));
  content.write(bytes, offset, 'latin1');
  writeFileSync(aof(name), content);
  return content;
}

const copies = (): string[] => readdirSync(data()).filter((name) => name.startsWith('damaged-'));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pdf-tools-redis-'));
  server = new TestRedis(await freePort(), folder);
  await withRedis(async (redis) => {
    for (let n = 0; n < KEYS; n++) await redis.set(`key:${n}`, `value ${n}`);
  });
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('an append-only file with garbage inside', () => {
  it('is reported with the command that repairs it, is cut off at the damage, and is kept as a copy', async () => {
    const damaged = damage(INCREMENT, 4_000, '\0garbage\xff\r\n*zz');
    const said =
      /redis-start: appendonly\.aof\.1\.incr\.aof is damaged after byte (\d+) of (\d+), so Redis cannot start\. Run: make redis-repair/;
    const [, good, size] = said.exec(await refusal()) ?? [];
    expect(Number(size)).toBe(damaged.length);
    expect(Number(good)).toBeLessThanOrEqual(4_000);
    const cut = damaged.length - Number(good);

    expect(await repair('check')).toEqual({
      code: 1,
      text: expect.stringContaining(`${cut} bytes have to be cut off`),
    });
    expect(readFileSync(aof(INCREMENT)).equals(damaged)).toBe(true);
    expect(await repair('fix')).toEqual({
      code: 0,
      text: expect.stringContaining(`${cut} bytes were cut off ${INCREMENT}`),
    });
    expect(readFileSync(aof(INCREMENT)).equals(damaged.subarray(0, Number(good)))).toBe(true);
    const [copy = ''] = copies();
    expect(readFileSync(data(copy, INCREMENT)).equals(damaged)).toBe(true);

    const log = await withRedis(async (redis) => {
      const kept = await redis.dbSize();
      expect(kept).toBeGreaterThan(0);
      expect(kept).toBeLessThan(KEYS);
      expect(await redis.get(`key:${kept - 1}`)).toBe(`value ${kept - 1}`);
      await redis.set('later', 'written');
    });
    expect(log).not.toContain('redis-start:');
    expect(await repair('check')).toMatchObject({ code: 0 });
    expect(copies()).toHaveLength(1);
  });

  it('loses nothing if the garbage is zeros after the last command, as a power cut leaves them', async () => {
    writeFileSync(aof(INCREMENT), Buffer.alloc(4_096), { flag: 'a' });
    expect(await refusal()).toContain('Run: make redis-repair');
    expect(await repair('fix')).toEqual({ code: 0, text: expect.stringContaining('4096 bytes were cut off') });
    await withRedis(async (redis) => {
      expect(await redis.dbSize()).toBe(KEYS);
    });
  });

  it('is cut off together with later files, which continue after its end', async () => {
    copyFileSync(aof(INCREMENT), aof('appendonly.aof.2.incr.aof'));
    writeFileSync(aof('appendonly.aof.manifest'), 'file appendonly.aof.2.incr.aof seq 2 type i\n', { flag: 'a' });
    const { length } = damage(INCREMENT, 4_000, '\0\0\0\0\0\0\0\0');
    expect(await refusal()).toContain('Run: make redis-repair');
    const { code, text } = await repair('fix');
    expect(code).toBe(0);
    const [, cut, good] = /^(\d+) bytes were cut off .* after byte (\d+)/.exec(text) ?? [];
    expect(Number(cut)).toBe(2 * length - Number(good));
    await withRedis(async (redis) => {
      expect(await redis.dbSize()).toBeLessThan(KEYS);
    });
  });

  it('stays untouched if its base file is damaged, which only a backup can replace', async () => {
    const base = damage('appendonly.aof.1.base.rdb', 20, '\xff\xff\xff\xff');
    expect(await refusal()).toContain('make redis-repair');
    for (const verb of ['check', 'fix'] as const) {
      expect(await repair(verb)).toEqual({ code: 2, text: expect.stringContaining('Restore a backup') });
    }
    expect(readFileSync(aof('appendonly.aof.1.base.rdb')).equals(base)).toBe(true);
    expect(copies()).toEqual([]);
  });
});

describe('an append-only file that ends within a command', () => {
  // The last command is `*3 $3 SET $7 key:199 $9 value 199`. The cuts are inside a value, a length and a line end, and
  // after a whole line.
  it.each([1, 2, 5, 12, 13, 14, 15, 16, 30, 36])('does not stop Redis from starting: %i bytes', async (missing) => {
    truncateSync(aof(INCREMENT), readFileSync(aof(INCREMENT)).length - missing);
    const log = await withRedis(async (redis) => {
      expect(await redis.dbSize()).toBe(KEYS - 1);
    });
    expect(log).not.toContain('redis-start:');
  });

  it('does not stop Redis from starting if it ends within a transaction', async () => {
    writeFileSync(aof(INCREMENT), '*1\r\n$5\r\nMULTI\r\n*3\r\n$3\r\nset\r\n$1\r\na\r\n$1\r\nb\r\n', { flag: 'a' });
    const log = await withRedis(async (redis) => {
      expect(await redis.dbSize()).toBe(KEYS);
    });
    expect(log).not.toContain('redis-start:');
  });
});
