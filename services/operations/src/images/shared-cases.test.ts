import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { PDFDocument } from 'pdf-lib';
import { readImages } from '@pdf-tools/harness/documents/read-back';
import { produce } from '@pdf-tools/harness/documents/workshop';
import operation from '../image-to-pdf/definition.js';

const CASES = fileURLToPath(new URL('../../../../../shared/cases/image/', import.meta.url));
const exists = existsSync(CASES);

/** What a file becomes: an error code, or the filter and colour space of its image. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'konly.tif': ['FlateDecode', 'DeviceCMYK'],
  'fax.tif': ['JBIG2Decode', 'DeviceGray'],
  'photo.gif': ['FlateDecode', 'Indexed'],
  'screen.gif': ['FlateDecode', 'Indexed'],
  'no-eoi-zeros.jpg': ['DCTDecode', 'DeviceRGB'],
  'no-eoi.jpg': ['DCTDecode', 'DeviceRGB'],
  'whole.jpg': ['DCTDecode', 'DeviceRGB'],
  'a0.tif': ['JBIG2Decode', 'DeviceGray'],
  'bad-text-crc.png': ['FlateDecode', 'DeviceGray'],
  'extra-row.png': ['FlateDecode', 'DeviceGray'],
  'no-iend.png': ['FlateDecode', 'DeviceGray'],
  'damaged.tif': ['corrupt_image'],
  'float.tif': ['unsupported_format'],
  'stream.tif': ['DCTDecode', 'DeviceRGB'],
  'tables.tif': ['DCTDecode', 'DeviceRGB'],
  'lab8.tif': ['FlateDecode', 'Lab'],
  'zstd.tif': ['FlateDecode', 'DeviceRGB'],
};

async function outcomeOf(path: string): Promise<string[]> {
  try {
    const { bytes } = await produce(operation, [[basename(path), await readFile(path)]]);
    const [image] = await readImages(bytes);
    return [image?.filter ?? 'none', image?.colorSpace ?? 'none'];
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown) return [String(thrown.code)];
    throw thrown;
  }
}

(exists ? describe : describe.skip)('the cases of the shared folder', () => {
  it('become what is expected', async () => {
    const names = (await readdir(CASES, { recursive: true })).filter((name) => basename(name) in EXPECTED);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names)
      expect([name, await outcomeOf(join(CASES, name))]).toEqual([name, EXPECTED[basename(name)]]);
  });

  it('have pages of the right size', async () => {
    const fax = await produce(operation, [['fax.tif', await readFile(join(CASES, 'fax-resolution/fax.tif'))]]);
    const { width, height } = (await PDFDocument.load(fax.bytes)).getPage(0).getSize();
    expect([width, height]).toEqual([609.882, 792]);
  });
});
