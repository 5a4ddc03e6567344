import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  DIFFICULT_IMAGES,
  noise,
  paint,
  randomImages,
  textPage,
  withWhitePadding,
} from '@pdf-tools/harness/documents/bilevel-images';
import { bilevelPdf, imageNumber } from '@pdf-tools/harness/documents/bilevel-pdf';
import { rowBytes } from '@pdf-tools/pdf';
import type { BilevelImage } from '@pdf-tools/pdf';

/** Decodes the image of each page. Returns packed rows, 1 for black. */
type Decode = (path: string, images: readonly BilevelImage[]) => Promise<Buffer[]>;

const run = promisify(execFile);
const LIMITS = { timeout: 120_000, maxBuffer: 256 * 2 ** 20 };
const PDFJS = fileURLToPath(new URL('./pdfjs-images.js', import.meta.url));

const DECODERS: Readonly<Record<string, Decode>> = {
  poppler: async (path) => {
    const folder = `${path}.images`;
    await mkdir(folder);
    await run('pdfimages', [path, join(folder, 'image')], LIMITS);
    // Names have at least three digits.
    const names = (await readdir(folder)).sort((left, right) => numberIn(left) - numberIn(right));
    return Promise.all(names.map(async (name) => pbmPixels(await readFile(join(folder, name)))));
  },
  mutool: async (path, images) => {
    const numbers = images.map((_image, page) => String(imageNumber(page)));
    const { stdout } = await run('mutool', ['show', '-b', path, ...numbers], { ...LIMITS, encoding: 'buffer' });
    let at = 0;
    const decoded = images.map(({ width, height }) => {
      const length = rowBytes(width) * height;
      at += length;
      return Buffer.from(stdout.subarray(at - length, at).map((byte) => ~byte));
    });
    expect(stdout).toHaveLength(at);
    return decoded;
  },
  'pdf.js': async (path) => {
    const { stdout } = await run(process.execPath, [PDFJS, path], LIMITS);
    return (JSON.parse(stdout) as string[]).map((pixels) => Buffer.from(pixels, 'base64'));
  },
};

const IMAGES: Readonly<Record<string, readonly BilevelImage[]>> = {
  'difficult images': DIFFICULT_IMAGES.map(([, image]) => image),
  'random images': [...randomImages(150, 11)],
  'large pages': [
    textPage(4960, 7016),
    noise(1241, 1755, { share: 0.4, seed: 2 }),
    paint(1240, 877, (x, y) => (x + y) % 2 === 0),
  ],
};
const FILTERS = ['JBIG2Decode', 'CCITTFaxDecode'] as const;
const CASES = Object.entries(IMAGES).flatMap(([name, images]) =>
  FILTERS.map((filter) => ({ name, filter, images, file: `${name} ${filter}.pdf` })),
);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pdf-tools-bilevel-'));
  for (const { images, filter, file } of CASES) await writeFile(join(folder, file), bilevelPdf(images, filter));
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(Object.entries(DECODERS))('%s', (_reader, decode) => {
  it.each(CASES)('decodes $name with /$filter to the same pixels', async ({ images, file }) => {
    const decoded = await decode(join(folder, file), images);
    expect(decoded).toHaveLength(images.length);
    const changed = images.flatMap((image, page) => {
      const pixels = withWhitePadding({ ...image, data: decoded[page] ?? Buffer.alloc(0) });
      return pixels.equals(withWhitePadding(image)) ? [] : [`page ${page + 1}, ${image.width} x ${image.height}`];
    });
    expect(changed).toEqual([]);
  });
});

it.each(CASES)('qpdf finds no error in $name with /$filter', async ({ file }) => {
  const { stdout } = await run('qpdf', ['--check', join(folder, file)]);
  expect(stdout).toContain('No syntax or stream encoding errors found');
});

function numberIn(name: string): number {
  return Number(/(\d+)\.pbm$/.exec(name)?.[1]);
}

function pbmPixels(file: Buffer): Buffer {
  const header = /^P4\s+\d+\s+\d+\s/.exec(file.toString('latin1', 0, 64))?.[0];
  if (header === undefined) throw new Error('pdfimages wrote an image that is not a PBM.');
  return file.subarray(header.length);
}
