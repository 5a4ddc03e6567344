import type { Filter, PdfFile } from '@pdf-tools/pdf';
import { packBits, sharp } from './codec.js';
import type { Decoded } from './decode-image.js';
import type { ImageHeader, Refusal } from './image-header.js';
import { OPEN, readPixels } from './pixels.js';
import { TIFF_COMPRESSION, TIFF_PHOTOMETRIC, wrapAsTiff } from './tiff-wrap.js';

const DEFAULT_COLUMNS = 1728;
const TWO_DIMENSIONAL = 1;

/** Decodes CCITTFaxDecode (ISO 32000-2, 7.4.6) with libtiff. */
export async function decodeCcitt(
  bytes: Buffer,
  { parms }: Filter,
  { width, height }: ImageHeader,
  file: PdfFile,
): Promise<Decoded | Refusal> {
  const parm = (key: string): unknown => file.resolve(parms?.get(key));
  const [k, columns] = [parm('K') ?? 0, parm('Columns') ?? DEFAULT_COLUMNS];
  const coding = codingOf(k, parm('EncodedByteAlign') === true);
  if (columns !== width || !coding) return { reason: 'filter parameters' };
  const shape = { width, height, samplesPerPixel: 1, bitsPerSample: 1, photometric: TIFF_PHOTOMETRIC.whiteIsZero };
  const { data } = await readPixels(sharp(wrapAsTiff({ ...shape, ...coding }, bytes), OPEN), 1);
  const packed = packBits(data, width, height);
  if (parm('BlackIs1') === true) for (const [at, byte] of packed.entries()) packed[at] = byte ^ 0xff;
  return { bilevel: { width, height, packed } };
}

/** The coding in terms of TIFF. Undefined if TIFF has no equal. */
function codingOf(k: unknown, isAligned: boolean): { compression: number; t4Options?: number } | undefined {
  if (typeof k !== 'number') return undefined;
  if (k < 0) return isAligned ? undefined : { compression: TIFF_COMPRESSION.group4 };
  if (k > 0) return isAligned ? undefined : { compression: TIFF_COMPRESSION.group3, t4Options: TWO_DIMENSIONAL };
  if (isAligned) return { compression: TIFF_COMPRESSION.modifiedHuffman };
  return { compression: TIFF_COMPRESSION.group3, t4Options: 0 };
}
