import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { DecodingBudget, decode, rowBytes } from '@pdf-tools/pdf';
import type { Filter, PdfFile, PdfStream } from '@pdf-tools/pdf';
import { decodeFax } from './ccitt.js';
import { PNG_COLOR, sharp, wrapAsPng } from './codec.js';
import type { ImageHeader, Refusal } from './image-header.js';
import { readJpeg } from './jpeg-source.js';
import type { JpegSource } from './jpeg-source.js';
import { decodeJbig2 } from './jbig2.js';
import { decodeJpx } from './jpx.js';
import { OPEN, readPixels } from './pixels.js';
import type { SampleSpace } from './sample-space.js';
import { sizeOfRows, toBytes } from './samples.js';
import type { PackedSamples, Samples } from './samples.js';

const inflateAsync = promisify(inflate);
/** Some writers add a few bytes after the rows. */
const SPARE_BYTES = 1024;

/** A decoded image. A JPEG is decoded later, because decoding to a smaller size is faster. */
export type Decoded = { jpeg: JpegSource } | DecodedSamples | { bilevel: PackedSamples };

/** Samples of 8 bits. */
export interface DecodedSamples {
  readonly samples: Samples;
  /** Bits of the samples in the file. */
  readonly bits: number;
  /** Whether they were encoded with loss. */
  readonly isLossy?: boolean;
  /** The colour space if the dictionary does not name it. */
  readonly space?: SampleSpace;
}

const UNDECODABLE: Refusal = { reason: 'cannot be decoded' };

interface Wanted {
  readonly header: ImageHeader;
  /** Whether to decode JBIG2 symbols, which no lossless encoding makes smaller. */
  readonly decodesSymbols: boolean;
}

/** Decodes an image. Returns a refusal for damaged data and for filters that are not supported. */
export async function decodeImage(
  file: PdfFile,
  stream: PdfStream,
  { header, decodesSymbols }: Wanted,
): Promise<Decoded | Refusal> {
  const { filters } = header;
  const channels = header.space?.components ?? 1;
  try {
    const [only] = filters;
    if (filters.length === 1 && only?.name === 'FlateDecode') {
      const quick = await inflateRows(file, file.encoded(stream), only, { header, channels });
      if (quick) return quick;
    }
    const { bytes, left } = decode(file.encoded(stream), filters, new DecodingBudget());
    if (left.length > 1) return { reason: 'filter' };
    const [image] = left;
    return image
      ? await decodeImageFilter(bytes, image, { file, header, decodesSymbols })
      : rowsOf(bytes, header, channels);
  } catch {
    return UNDECODABLE;
  }
}

async function decodeImageFilter(
  bytes: Buffer,
  filter: Filter,
  source: Wanted & { readonly file: PdfFile },
): Promise<Decoded | Refusal> {
  const { file, header } = source;
  if (filter.name === 'DCTDecode') return readJpeg(bytes, filter, header);
  if (filter.name === 'CCITTFaxDecode') return decodeFax(bytes, filter, header, file);
  if (filter.name === 'JBIG2Decode') return await decodeJbig2(bytes, filter, source);
  if (filter.name !== 'JPXDecode') return { reason: 'filter' };
  const decoded = await decodeJpx(bytes, header);
  return 'reason' in decoded ? decoded : { ...decoded, bits: header.bits, isLossy: true };
}

interface Shape {
  readonly header: ImageHeader;
  readonly channels: number;
}

/** Inflates on the threads of zlib. Undefined for a predictor that only the engine supports. */
async function inflateRows(
  file: PdfFile,
  data: Buffer,
  { parms }: Filter,
  { header, channels }: Shape,
): Promise<Decoded | undefined> {
  const parm = (key: string, missing: number): unknown => file.resolve(parms?.get(key) ?? missing);
  const predictor = parm('Predictor', 1);
  if (predictor === 1) {
    const needed = sizeOfRows({ ...header, channels });
    const size = needed + SPARE_BYTES;
    // One chunk takes all rows, so that they are not collected in small chunks and copied.
    const rows = await inflateAsync(data, { maxOutputLength: size, chunkSize: size });
    return rowsOf(rows, header, channels);
  }
  const { width, height, bits } = header;
  const fits = parm('Colors', 1) === channels && parm('BitsPerComponent', 8) === 8 && parm('Columns', 1) === width;
  if (typeof predictor !== 'number' || predictor < 10 || !fits || bits !== 8) return undefined;
  if (channels !== 1 && channels !== 3) return undefined;
  const colorType = channels === 1 ? PNG_COLOR.gray : PNG_COLOR.rgb;
  const pixels = await readPixels(sharp(wrapAsPng({ width, height, colorType }, data), OPEN), channels);
  return { samples: pixels, bits };
}

function rowsOf(bytes: Buffer, header: ImageHeader, channels: number): Decoded {
  const { width, height, bits, space } = header;
  const layout = { width, height, channels, bits };
  const needed = sizeOfRows(layout);
  if (bytes.length < needed) throw new RangeError('Rows are missing.');
  const rows = bytes.subarray(0, needed);
  if (bits === 1 && channels === 1) return { bilevel: { width, height, packed: rows } };
  const data = toBytes(rows, layout, space?.family !== 'indexed');
  return { samples: { width, height, channels, data }, bits };
}

/** The packed rows as one byte per sample, with the values 0 and 1. */
export function unpackBilevel({ width, height, packed }: PackedSamples): Samples {
  const rows = packed.subarray(0, rowBytes(width) * height);
  return { width, height, channels: 1, data: toBytes(rows, { width, height, channels: 1, bits: 1 }, false) };
}
