import { decodeCcitt } from '@pdf-tools/pdf';
import type { CcittCoding, CcittParams, DecodedCcitt } from '@pdf-tools/pdf';
import { reverseBits } from '../bits.js';
import { encodeBilevel } from '../encode.js';
import type { BilevelCoding } from '../encode.js';
import { corruptImage, unsupportedImage } from '../errors.js';
import { deviceSpace } from '../pdf-image.js';
import type { PdfImage } from '../pdf-image.js';
import { blockBytes, blockRows } from './page.js';
import type { TiffPage } from './page.js';
import { COMPRESSION, PHOTOMETRIC, TAG } from './tags.js';

/** A fax page, and what the report says about it. */
interface FaxImage {
  readonly image: PdfImage;
  readonly notes: readonly string[];
  readonly hasOwnData: boolean;
}

const TWO_DIMENSIONAL = 1;
const UNCOMPRESSED_MODE = 2;

export function isFax({ compression }: TiffPage): boolean {
  return ([COMPRESSION.modifiedHuffman, COMPRESSION.group3, COMPRESSION.group4] as number[]).includes(compression);
}

/**
 * Returns a page of CCITT data. A single strip of Group 4 without damage is kept as it is. Others are encoded again, which
 * makes them smaller. Rows with errors of Group 3 are white from the error on, as viewers show them. Throws an
 * `InputError` for other damage.
 */
export async function readFax(page: TiffPage, bilevel?: BilevelCoding): Promise<FaxImage> {
  const coding = codingOf(page);
  if (page.samples !== 1 || page.bits !== 1)
    throw unsupportedImage('TIFF', `CCITT compression of ${page.samples} samples of ${page.bits} bits`);
  if (page.blocks.tiled) throw unsupportedImage('TIFF', 'CCITT compression of tiles');
  const strips = page.blocks.offsets.slice(0, page.blocks.down).map((_offset, index) => {
    const stored = blockBytes(page, index);
    return page.reversedBits ? reverseBits(stored) : stored;
  });
  const decoded = strips.map((strip, index) =>
    decodeCcitt(strip, { width: page.width, height: blockRows(page, index), coding }),
  );
  const damagedRows = decoded.reduce((sum, strip) => sum + strip.damagedRows, 0);
  const missingRows = decoded.reduce((sum, strip) => sum + strip.height - strip.rows, 0);
  if (decoded.some((strip) => isCorrupt(strip, coding)))
    throw corruptImage('has damaged CCITT data: rows cannot be decoded');
  const isWhole = damagedRows === 0 && missingRows === 0;
  const isKept = isWhole && strips.length === 1 && coding === 'group-4';
  const image = isKept ? keepStrip(page, strips) : await encodeRows(page, decoded, bilevel);
  return { image, notes: notesOn(damagedRows, missingRows), hasOwnData: isKept };
}

function codingOf({ compression, directory }: TiffPage): CcittCoding {
  if (compression === COMPRESSION.modifiedHuffman) return 'modified-huffman';
  const options = directory.number(compression === COMPRESSION.group3 ? TAG.t4Options : TAG.t6Options, 0);
  if ((options & UNCOMPRESSED_MODE) !== 0) throw unsupportedImage('TIFF', 'uncompressed rows in CCITT data');
  if (compression === COMPRESSION.group4) return 'group-4';
  return (options & TWO_DIMENSIONAL) !== 0 ? 'group-3-2d' : 'group-3';
}

/** Only Group 3 can continue after a damaged row. Missing rows are no damage if the data say that they end. */
function isCorrupt({ damagedRows, rows, height, complete }: DecodedCcitt, coding: CcittCoding): boolean {
  if (coding === 'group-4' || coding === 'modified-huffman') return damagedRows > 0 || !complete;
  return damagedRows * 2 > height || (rows < height && !complete);
}

function keepStrip({ width, height, photometric }: TiffPage, data: readonly Uint8Array[]): PdfImage {
  const ccitt: CcittParams = { k: -1, ...(photometric === PHOTOMETRIC.blackIsZero && { blackIs1: true }) };
  return { width, height, bitsPerComponent: 1, colorSpace: deviceSpace('gray'), filter: 'CCITTFaxDecode', ccitt, data };
}

async function encodeRows(
  page: TiffPage,
  strips: readonly DecodedCcitt[],
  bilevel: BilevelCoding | undefined,
): Promise<PdfImage> {
  const data = Buffer.concat(strips.map((strip) => strip.data));
  const image = await encodeBilevel({ width: page.width, height: page.height, data }, { bilevel });
  return page.photometric === PHOTOMETRIC.blackIsZero ? { ...image, decode: [1, 0] } : image;
}

function notesOn(damagedRows: number, missingRows: number): string[] {
  const notes: string[] = [];
  if (damagedRows > 0) notes.push(`${damagedRows} damaged rows of a fax are partly white`);
  if (missingRows > 0) notes.push(`${missingRows} missing rows of a fax are white`);
  return notes;
}
