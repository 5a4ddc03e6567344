import { createHash } from 'node:crypto';
import { DecodingBudget, decode } from '@pdf-tools/pdf';
import type { Filter, ImageUse, PdfFile, PdfStream } from '@pdf-tools/pdf';
import { readImageHeader } from './image-header.js';

/** An image with its use, which the group of equal images may widen. */
export interface Drawn {
  readonly file: PdfFile;
  readonly stream: PdfStream;
  readonly use: ImageUse;
}

/** Encoded bytes that are decoded to compare the first rows. */
const PREFIX_BYTES = 4096;
/** Decoded bytes that are compared before all of an image is decoded. */
const COMPARED_BYTES = 1024;
/** Larger images are not compared. */
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * Gives images with equal samples the same use, so that they are encoded to equal bytes and are written once. Each keeps
 * the page on which it is drawn first. Only images without an image filter are compared, since others with equal samples
 * have equal data.
 */
export function shareUses<T extends Drawn>(images: readonly T[]): T[] {
  const candidates = repeated(images, (image) => shapeOf(image)).flatMap((group) => repeated(group, prefixOf));
  const shared = new Map<T, ImageUse>();
  for (const group of candidates.flatMap((alike) => repeated(alike, digestOf)))
    for (const image of group) shared.set(image, widestUse(group));
  return images.map((image) => ({ ...image, use: { ...(shared.get(image) ?? image.use), page: image.use.page } }));
}

/** The groups of two or more items with the same key. Items without a key are left out. */
function repeated<T>(items: readonly T[], keyOf: (item: T) => string | undefined): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

function shapeOf({ file, stream }: Drawn): string | undefined {
  const header = readImageHeader(file, stream);
  if ('reason' in header || !header.filters.every(isGeneral)) return undefined;
  const { width, height, bits, space, isStencil, decode: order } = header;
  const bytes = (width * height * bits * (space?.components ?? 1)) / 8;
  if (bytes > MAX_BYTES) return undefined;
  return [width, height, bits, space?.components, space?.family, isStencil, order].join(' ');
}

function isGeneral({ name }: Filter): boolean {
  return !['DCTDecode', 'JPXDecode', 'JBIG2Decode', 'CCITTFaxDecode'].includes(name);
}

function prefixOf(image: Drawn): string | undefined {
  return decodedPart(image, PREFIX_BYTES)?.subarray(0, COMPARED_BYTES).toString('latin1');
}

function digestOf(image: Drawn): string | undefined {
  const rows = decodedPart(image, Infinity);
  return rows && createHash('sha256').update(rows).digest('hex');
}

function decodedPart({ file, stream }: Drawn, encodedBytes: number): Buffer | undefined {
  const filters = file.filters(stream.dict).filter(({ name }) => !file.isEncrypted || name !== 'Crypt');
  try {
    const encoded = file.encoded(stream).subarray(0, encodedBytes);
    const { bytes, left } = decode(encoded, filters, new DecodingBudget());
    return left.length === 0 ? bytes : undefined;
  } catch {
    return undefined;
  }
}

function widestUse(group: readonly Drawn[]): ImageUse {
  const uses = group.map(({ use }) => use);
  const [first] = uses;
  if (!first) throw new RangeError('A group of equal images has no image.');
  return {
    ...first,
    widthPoints: Math.max(...uses.map(({ widthPoints }) => widthPoints)),
    heightPoints: Math.max(...uses.map(({ heightPoints }) => heightPoints)),
    onlyAsImage: uses.every(({ onlyAsImage }) => onlyAsImage),
    onlyAsMask: uses.every(({ onlyAsMask }) => onlyAsMask),
  };
}
