import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { readInput } from './input-buffer.js';

it('readInput reads each file into the same memory', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pdf-tools-input-'));
  try {
    const texts = ['a first file', 'a longer second file', '', 'third'];
    for (const [at, text] of texts.entries()) await writeFile(join(folder, String(at)), text);
    expect(texts.map((_text, at) => readInput(join(folder, String(at))).toString())).toEqual(texts);
    const [first, second] = [readInput(join(folder, '3')), readInput(join(folder, '0'))];
    expect(first.buffer).toBe(second.buffer);
  } finally {
    await rm(folder, { recursive: true });
  }
});
