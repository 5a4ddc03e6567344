import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readZip } from '@pdf-tools/harness/read-zip';
import { ZipArchive } from './zip-archive.js';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pdf-tools-zip-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('ZipArchive', () => {
  it('has written most of an entry when it takes the next', async () => {
    const path = join(folder, 'a.zip');
    const archive = new ZipArchive(path);
    const data = Buffer.alloc(4 * 2 ** 20, 1);
    const sizes: number[] = [];
    for (const name of ['1.pdf', '2.pdf', '3.pdf']) {
      await archive.addStored(name, data);
      sizes.push(Math.round((await stat(path)).size / data.length));
    }
    await archive.finish();
    expect(sizes).toEqual([1, 2, 3]);
    const entries = await readZip(await readFile(path));
    expect(entries.map(({ name, bytes }) => [name, bytes.equals(data)])).toEqual([
      ['1.pdf', true],
      ['2.pdf', true],
      ['3.pdf', true],
    ]);
  });

  it('fails if the file cannot be written', async () => {
    const archive = new ZipArchive(join(folder, 'missing', 'a.zip'));
    await expect(archive.addStored('1.pdf', Buffer.alloc(2 ** 20))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(archive.finish()).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
