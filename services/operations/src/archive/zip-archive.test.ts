import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
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
  it('has written an entry when it takes the next', async () => {
    const path = join(folder, 'a.zip');
    const archive = await ZipArchive.create(path);
    const data = Buffer.alloc(4 * 2 ** 20, 1);
    await writeFile(join(folder, 'data'), data);
    const sizes: number[] = [];
    for (const name of ['1.pdf', '2.pdf', '3.pdf']) {
      await archive.addStored(name, join(folder, 'data'));
      sizes.push(Math.round((await stat(path)).size / data.length));
    }
    await archive.finish();
    await archive.close();
    expect(sizes).toEqual([1, 2, 3]);
    const entries = await readZip(await readFile(path));
    expect(entries.map(({ name, bytes }) => [name, bytes.equals(data)])).toEqual([
      ['1.pdf', true],
      ['2.pdf', true],
      ['3.pdf', true],
    ]);
  });

  it('keeps no entry in memory', async () => {
    const archive = await ZipArchive.create(join(folder, 'a.zip'));
    const data = join(folder, 'data');
    await writeFile(data, '');
    await truncate(data, 2 ** 20);
    // No collection of garbage can free what the archive holds, so the growth counts what is held and not collected yet.
    const before = process.memoryUsage().arrayBuffers;
    for (let entry = 0; entry < 100; entry++) await archive.addStored(`${entry}.pdf`, data);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * 2 ** 20);
    await archive.finish();
    await archive.close();
  });

  it('gives names in UTF-8 and sizes before the data', async () => {
    const path = join(folder, 'a.zip');
    const archive = await ZipArchive.create(path);
    await writeFile(join(folder, 'empty'), '');
    await archive.addStored('ü.pdf', join(folder, 'empty'));
    await archive.addText('a.json', 'text '.repeat(1000));
    await archive.finish();
    await archive.close();
    expect(await readZip(await readFile(path))).toMatchObject([
      { name: 'ü.pdf', bytes: Buffer.alloc(0), method: 0, isUtf8: true, hasSizesFirst: true },
      { name: 'a.json', bytes: Buffer.from('text '.repeat(1000)), method: 8, isUtf8: true, hasSizesFirst: true },
    ]);
  });

  it.each([1, 1000, 100_000])('writes ZIP64 for sizes and offsets from %d bytes', async (zip64From) => {
    const path = join(folder, 'a.zip');
    const archive = await ZipArchive.create(path, { zip64From });
    const data = Buffer.alloc(70_000, 'data');
    await writeFile(join(folder, 'data'), data);
    for (const name of ['1.pdf', '2.pdf', '3.pdf']) await archive.addStored(name, join(folder, 'data'));
    await archive.addText('a.json', '{}');
    await archive.finish();
    await archive.close();
    const file = await readFile(path);
    expect(file.includes(Buffer.from('PK\x06\x06', 'latin1'))).toBe(true);
    const entries = await readZip(file);
    expect(entries.map(({ name }) => name)).toEqual(['1.pdf', '2.pdf', '3.pdf', 'a.json']);
    expect(entries.slice(0, 3).every(({ bytes }) => bytes.equals(data))).toBe(true);
  });

  it('fails if the file cannot be written', async () => {
    await expect(ZipArchive.create(join(folder, 'missing', 'a.zip'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
