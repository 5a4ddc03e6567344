import { PdfStream, isName } from '@pdf-tools/pdf';
import type { PdfFile } from '@pdf-tools/pdf';
import type { Operation } from '@pdf-tools/operations/operation';
import sharp from 'sharp';
import { openBytes } from './pdf-folder.js';
import { textPdf, textStream } from './text-pdf.js';
import { produce } from './workshop.js';

/** Side of the images in pixels. */
export const SIDE = 200;
export type Pixel = (x: number, y: number) => readonly number[];

/** Samples of 8 bits by position. */
export function samplesOf(pixel: Pixel, side = SIDE): Buffer {
  return Buffer.from(
    Array.from({ length: side * side }, (_none, at) => pixel(at % side, Math.floor(at / side))).flat(),
  );
}

/** Noise on a gradient, as in a photo. The generator is a linear congruential one. */
export function photo(channels: number): Pixel {
  let state = 1;
  return (x, y) =>
    Array.from({ length: channels }, (_none, channel) => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return 60 + 30 * channel + Math.floor((x + y) / 8) + (state >> 26);
    });
}

interface Options {
  /** Length of the drawn side in points. At 200 points, an image of 200 pixels has 72 dpi. */
  readonly points?: number;
  readonly objects?: Readonly<Record<number, string>>;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** Runs compress-pdf on a page with an image of these dictionary entries. Returns the image of the result. */
export async function compressImage(
  operation: Operation,
  entries: string,
  data: Uint8Array,
  { points = SIDE, objects, params = {} }: Options = {},
) {
  const size = entries.includes('/Width') ? '' : `/Width ${SIDE} /Height ${SIDE}`;
  const input = textPdf({
    1: '<< /Type /Catalog /Pages 2 0 R >>',
    2: '<< /Type /Pages /Count 1 /Kids [3 0 R] >>',
    3: `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${points} ${points}] /Resources << /XObject << /Im 5 0 R >> >> /Contents 4 0 R >>`,
    4: textStream(`q ${points} 0 0 ${points} 0 0 cm /Im Do Q`),
    5: textStream(Buffer.from(data).toString('latin1'), `/Subtype /Image ${size} ${entries}`),
    ...objects,
  });
  const { bytes, result } = await produce(operation, [['a.pdf', input]], { params });
  const file = openBytes(bytes);
  const streams = [...file.numbers()].map((num) => file.load(num)).filter((object) => object instanceof PdfStream);
  const images = streams.filter(({ dict }) => isName(dict.get('Subtype'), 'Image'));
  const image = images.find(({ dict }) => dict.has('SMask')) ?? images[0];
  if (!image) throw new Error('The result has no image.');
  const { images: outcomes } = result.report as { images: { action: string; reason?: string; encoding?: string }[] };
  return { file, image, images, outcome: outcomes.find(({ action }) => action !== '') ?? { action: '' }, outcomes };
}

/** The decoded samples of an image without an image filter. */
export function rowsOf(file: PdfFile, image: PdfStream): Buffer {
  return file.decoded(image).bytes;
}

/** The decoded samples of a JPEG. */
export async function jpegSamples(file: PdfFile, image: PdfStream) {
  return sharp(file.encoded(image)).raw().toBuffer({ resolveWithObject: true });
}
