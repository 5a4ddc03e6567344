import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { inflateSync } from 'node:zlib';
import { PDFArray, PDFName, PDFNumber, PDFRawStream } from 'pdf-lib';
import type { PDFObject } from 'pdf-lib';
import { readImages } from '@pdf-tools/harness/documents/read-back';
import type { ImageFacts } from '@pdf-tools/harness/documents/read-back';

const run = promisify(execFile);
const MAX_FILE_BYTES = 64 * 2 ** 20;
/** Device spaces by the number of their components. */
const ALTERNATES: Readonly<Record<number, string>> = { 1: '/DeviceGray', 3: '/DeviceRGB', 4: '/DeviceCMYK' };
const ICC_SPACES: Readonly<Record<string, number>> = { GRAY: 1, 'RGB ': 3, CMYK: 4 };

/** Checks that the first image of a document has these bytes as its stream. */
export async function carriedFaults(pdf: string, expected: Buffer): Promise<string[]> {
  const image = await firstImage(pdf);
  if (!image) return ['the document has no image'];
  if (image.filter !== 'DCTDecode') return [`the image has ${image.filter}`];
  return image.contents.equals(expected) ? [] : ['the bytes of the image differ from those of the file'];
}

/** Checks the profile of the first image with its number of components and its alternate. Without bytes, it has none. */
export async function profileFaults(pdf: string, expected: Buffer): Promise<string[]> {
  const image = await firstImage(pdf);
  const stream = image && profileOf(image.dict.lookup(PDFName.of('ColorSpace')));
  if (!stream) return expected.length === 0 ? [] : ['the image has no profile'];
  if (expected.length === 0) return ['the image has a profile'];
  const faults: string[] = [];
  if (!decoded(stream).equals(expected)) faults.push('the profile differs from that of the file');
  const count = ICC_SPACES[expected.toString('latin1', 16, 20)] ?? 0;
  const components = stream.dict.lookup(PDFName.of('N'), PDFNumber).asNumber();
  if (components !== count) faults.push(`the profile has ${components} components instead of ${count}`);
  const alternate = stream.dict.get(PDFName.of('Alternate'))?.toString();
  if (alternate !== undefined && alternate !== ALTERNATES[count]) faults.push(`the alternate is ${alternate}`);
  return faults;
}

/** Checks that no stream or string of a document has any of these texts. */
export async function absenceFaults(pdf: string, texts: readonly string[]): Promise<string[]> {
  const args = ['--qdf', '--object-streams=disable', '--decode-level=generalized', pdf, '-'];
  const { stdout } = await run('qpdf', args, { encoding: 'buffer', maxBuffer: MAX_FILE_BYTES });
  return texts.filter((text) => stdout.includes(text)).map((text) => `the document has "${text}"`);
}

async function firstImage(pdf: string): Promise<ImageFacts | undefined> {
  const images = await readImages(await readFile(pdf));
  const masks = new Set(images.map(({ dict }) => dict.get(PDFName.of('SMask'))?.toString()));
  return images.find(({ object }) => !masks.has(`${object} 0 R`));
}

/** The profile of an ICCBased space, or of the base of an Indexed one (ISO 32000-2, 8.6.5.5 and 8.6.6.3). */
function profileOf(space: PDFObject | undefined): PDFRawStream | undefined {
  if (!(space instanceof PDFArray)) return undefined;
  const family = space.lookup(0, PDFName).decodeText();
  const value = space.lookup(1);
  if (family === 'Indexed') return profileOf(value);
  return family === 'ICCBased' && value instanceof PDFRawStream ? value : undefined;
}

function decoded({ dict, contents }: PDFRawStream): Buffer {
  const filter = dict.get(PDFName.of('Filter'))?.toString();
  if (filter !== undefined && filter !== '/FlateDecode') throw new Error(`The profile has ${filter}.`);
  return filter === undefined ? Buffer.from(contents) : inflateSync(contents);
}
