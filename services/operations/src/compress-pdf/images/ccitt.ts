import { decodeCcitt } from '@pdf-tools/pdf';
import type { CcittCoding, Filter, PdfFile } from '@pdf-tools/pdf';
import type { Decoded } from './decode-image.js';
import type { ImageHeader, Refusal } from './image-header.js';
import { invertedBytes } from './samples.js';

const DEFAULT_COLUMNS = 1728;

/** Decodes CCITTFaxDecode (ISO 32000-2, 7.4.6). Returns a refusal for damage, which readers treat differently. */
export function decodeFax(
  bytes: Buffer,
  { parms }: Filter,
  { width, height }: ImageHeader,
  file: PdfFile,
): Decoded | Refusal {
  const parm = (key: string): unknown => file.resolve(parms?.get(key));
  const coding = codingOf(parm('K') ?? 0, parm('EncodedByteAlign') === true);
  if ((parm('Columns') ?? DEFAULT_COLUMNS) !== width || !coding) return { reason: 'filter parameters' };
  const { data, rows, damagedRows } = decodeCcitt(bytes, { width, height, coding });
  if (damagedRows > 0 || rows < height) return { reason: 'cannot be decoded' };
  const packed = parm('BlackIs1') === true ? data : invertedBytes(data);
  return { bilevel: { width, height, packed } };
}

/** Undefined for rows that start at a byte although their coding does not need it. */
function codingOf(k: unknown, isAligned: boolean): CcittCoding | undefined {
  if (typeof k !== 'number') return undefined;
  if (k === 0 && isAligned) return 'modified-huffman';
  if (isAligned) return undefined;
  if (k < 0) return 'group-4';
  return k > 0 ? 'group-3-2d' : 'group-3';
}
