import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readInput, reserveInput } from './input-buffer.js';

/** Calls a function with the paths of files with these texts. */
async function withFiles(texts: readonly string[], use: (paths: readonly string[]) => void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pdf-tools-input-'));
  try {
    const paths = texts.map((_text, at) => join(folder, String(at)));
    for (const [at, path] of paths.entries()) await writeFile(path, texts[at] ?? '');
    use(paths);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('readInput', () => {
  it('reads each file into the same memory', async () => {
    const texts = ['a first file', 'a longer second file', '', 'third'];
    await withFiles(texts, (paths) => {
      expect(paths.map((path) => readInput(path).toString())).toEqual(texts);
      const [first, second] = [paths[3] ?? '', paths[0] ?? ''].map(readInput);
      expect(first?.buffer).toBe(second?.buffer);
    });
  });

  it('reads growing files into the same memory if it is reserved for the largest', async () => {
    const texts = [1, 2, 4].map((size) => 'x'.repeat(size * 1000));
    await withFiles(texts, (paths) => {
      reserveInput(4000);
      const buffers = paths.map((path) => readInput(path).buffer);
      expect(new Set(buffers).size).toBe(1);
    });
  });
});
