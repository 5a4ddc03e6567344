import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import compressPdf from '@pdf-tools/operations/compress-pdf/definition';
import { produce } from '@pdf-tools/harness/documents/workshop';
import { faultsOf } from '../corpus/faults.js';
import type { Fault } from '../corpus/faults.js';
import { knowInput } from '../corpus/known.js';
import { ask } from '../corpus/readers.js';
import { damage } from './alter.js';
import { DAMAGES, breakXref } from './damages.js';
import { illustrated, jpegOf, photo, replaceImage } from './illustrated.js';

/** Pixels across the photos at 144 dpi. */
const SIDE = 432;

jest.setTimeout(240_000);

let folder = '';
let original: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pdf-tools-damage-'));
  original = await illustrated();
  await writeFile(join(folder, 'input.pdf'), original);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function judged(result: Buffer): Promise<Fault[]> {
  const [input, output] = [join(folder, 'input.pdf'), join(folder, 'result.pdf')];
  await writeFile(output, result);
  return faultsOf({ input, output, known: await knowInput(input, join(folder, 'cache')), pages: Infinity });
}

describe('the judge of compressed files detects damage', () => {
  it.each(DAMAGES)('$does', async ({ kind, says, work }) => {
    const faults = await judged(await damage(original, work));
    expect(faults).toContainEqual({ kind, why: expect.stringContaining(says) });
  });

  it('an offset in the cross-reference table is wrong', async () => {
    const [plain, output] = [join(folder, 'plain.pdf'), join(folder, 'broken.pdf')];
    await ask('qpdf', ['--object-streams=disable', join(folder, 'input.pdf'), plain]);
    await breakXref(plain, output);
    const known = await knowInput(join(folder, 'input.pdf'), join(folder, 'cache'));
    const faults = await faultsOf({ input: join(folder, 'input.pdf'), output, known, pages: Infinity });
    expect(faults).toContainEqual({ kind: 'check', why: expect.stringContaining('qpdf --check says 3, not 0') });
  });
});

describe('the judge of compressed files accepts', () => {
  it('a document that is written again', async () => {
    expect(await judged(await damage(original, () => undefined))).toEqual([]);
  });

  it('photos resampled to 144 dpi with JPEG quality 75, one of them as gray levels', async () => {
    const [colour, gray] = [await jpegOf(photo(7), SIDE, 75), await jpegOf(photo(0), SIDE, 75, true)];
    const encoded = await damage(original, (document) => {
      replaceImage(document, 'Photo', { bytes: colour, side: SIDE });
      replaceImage(document, 'Gray', { bytes: gray, side: SIDE, space: 'DeviceGray' });
    });
    expect(await judged(encoded)).toEqual([]);
    expect(encoded.length).toBeLessThan(original.length);
  });

  it('its copy by qpdf with object streams', async () => {
    const output = join(folder, 'packed.pdf');
    await ask('qpdf', ['--object-streams=generate', '--recompress-flate', join(folder, 'input.pdf'), output]);
    const known = await knowInput(join(folder, 'input.pdf'), join(folder, 'cache'));
    expect(await faultsOf({ input: join(folder, 'input.pdf'), output, known, pages: Infinity })).toEqual([]);
  });

  it('its result of compress-pdf', async () => {
    const { bytes } = await produce(compressPdf, [['input.pdf', original]], {
      params: { dpi: 144, image_quality: 75 },
    });
    expect(bytes.length).toBeLessThan(original.length);
    expect(await judged(bytes)).toEqual([]);
  });
});
