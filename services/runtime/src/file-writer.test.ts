import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { FileWriter } from './file-writer.js';
import type { Limiter } from './file-writer.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'file-writer-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('FileWriter', () => {
  it.each([
    ['nothing', []],
    ['a piece', [10]],
    ['small pieces and large ones', [1, 16_384, 0, 262_144, 5, 600_000, 262_143, 7]],
  ])('writes %s in order', async (name, sizes) => {
    const path = join(folder, name);
    const file = openSync(path, 'wx');
    const writer = new FileWriter(file, pLimit(1));
    const pieces = sizes.map((size) => randomBytes(size));
    for (const piece of pieces) await writer.add(piece);
    await writer.sync();
    closeSync(file);
    expect(readFileSync(path).equals(Buffer.concat(pieces))).toBe(true);
  });

  it('syncs a large file as it grows', async () => {
    const limit = pLimit(1);
    const started: unknown[] = [];
    const syncs: Limiter = (task) => {
      started.push(task);
      return limit(task);
    };
    const file = openSync(join(folder, 'large'), 'wx');
    const writer = new FileWriter(file, syncs);
    for (let i = 0; i < 80; i++) await writer.add(Buffer.alloc(262_144));
    expect(started).toHaveLength(2);
    await writer.sync();
    expect(started).toHaveLength(3);
    closeSync(file);
  });

  it('rejects if an earlier sync failed', async () => {
    const syncs: Limiter = () => Promise.reject(new Error('no room'));
    const file = openSync(join(folder, 'failing'), 'wx');
    const writer = new FileWriter(file, syncs);
    for (let i = 0; i < 33; i++) await writer.add(Buffer.alloc(262_144));
    await expect(writer.sync()).rejects.toThrow('no room');
    await writer.settled();
    closeSync(file);
  });

  it('keeps at most 256 KiB in memory', async () => {
    const path = join(folder, 'held back');
    const file = openSync(path, 'wx');
    const writer = new FileWriter(file, pLimit(1));
    for (let i = 0; i < 5; i++) await writer.add(randomBytes(65_536));
    expect(statSync(path).size).toBe(262_144);
    closeSync(file);
  });

  it('writes a small file without the thread pool', async () => {
    const path = join(folder, 'small');
    const file = openSync(path, 'wx');
    const writer = new FileWriter(file, pLimit(1));
    await writer.add(randomBytes(1_000));
    const before = process.getActiveResourcesInfo();
    const flushed = writer.flush();
    expect(process.getActiveResourcesInfo()).toEqual(before);
    expect(statSync(path).size).toBe(1_000);
    await flushed;
    closeSync(file);
  });
});
