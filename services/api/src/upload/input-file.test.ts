import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VolumeInput } from '@pdf-tools/runtime/volume-files';
import pLimit from 'p-limit';
import { SNIFF_BYTES } from '@pdf-tools/operations/sniff';
import { InputFile } from './input-file.js';

const FACTS = { format: 'png', pixels: undefined };
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'input-file-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('InputFile', () => {
  it.each([
    ['a whole head and more', [SNIFF_BYTES, 300_000, 1]],
    ['a head in small pieces', [1, 2, SNIFF_BYTES]],
    ['less than a head', [5]],
  ])('looks at %s and writes all of it', async (name, sizes) => {
    const pieces = sizes.map((size) => randomBytes(size));
    const all = Buffer.concat(pieces);
    const path = join(folder, name);
    const heads: Buffer[] = [];
    const inspect = (head: Buffer): typeof FACTS => {
      heads.push(head);
      return FACTS;
    };
    const open = () => new VolumeInput(openSync(path, 'wx'), pLimit(1));
    const file = new InputFile({ inspect, open, digest: true });
    for (const piece of pieces) await file.take(piece);
    const digest = createHash('sha256').update(all).digest('hex');
    expect(await file.finish()).toEqual({ facts: FACTS, bytes: all.length, digest });
    await file.close();
    expect(readFileSync(path).equals(all)).toBe(true);
    expect(heads).toHaveLength(1);
    expect(heads[0]?.equals(all.subarray(0, heads[0].length))).toBe(true);
  });

  it('reads past a file that is not kept, and opens nothing', async () => {
    const path = join(folder, 'not kept');
    const open = () => new VolumeInput(openSync(path, 'wx'), pLimit(1));
    const file = new InputFile({ inspect: () => undefined, open, digest: true });
    await file.take(randomBytes(100_000));
    expect(await file.finish()).toBeUndefined();
    await file.close();
    expect(existsSync(path)).toBe(false);
  });
});
