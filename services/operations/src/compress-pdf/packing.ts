import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { constants, createDeflate, createInflate, deflate, deflateSync } from 'node:zlib';
import { isInputError } from '../input-error.js';
import {
  DecodingBudget,
  MAX_DOCUMENT_STREAM_BYTES,
  MAX_FILTERS,
  MAX_STREAM_BYTES,
  PdfDict,
  decodeStrictly,
  isLosslessFilter,
} from '@pdf-tools/pdf';
import type { Filter } from '@pdf-tools/pdf';

const deflateAsync = promisify(deflate);

const LEVEL = constants.Z_BEST_COMPRESSION;
/** Larger Flate data are processed by zlib in chunks, so that the decoded data are never in memory at once. */
const CHUNKED_ABOVE = 512 * 1024;
/** Smaller data take less time than the way to a thread and back. */
const THREADED_FROM = 16 * 1024;
/** Deflating again at the best level saves less than one percent of data that zlib deflated at its default level. */
const DEFAULT_LEVEL = 2;
/** Data of at most this size that zlib deflated at its default level are not deflated again. */
const MAX_KEPT = 8 * 1024;
const CHUNKS = { chunkSize: 256 * 1024 };
/**
 * Streams above the limits are accepted if they have at least this fraction of their decoded size. Others are bombs.
 */
const BOMB_RATIO = 100;

/** Stream data in another encoding. */
export interface Packed {
  readonly data: Buffer;
  readonly filters: readonly Filter[];
}

/** Whether the header of Flate data names zlib's default level or a better one (RFC 1950, 2.2, FLEVEL). */
export function isDeflatedWell(encoded: Buffer, filters: readonly Filter[]): boolean {
  return isFlateOnly(filters) && (encoded[1] ?? 0) >> 6 >= DEFAULT_LEVEL;
}

/** Deflates at zlib's best level. Large data are deflated in zlib's threads. */
export async function deflateBest(data: Uint8Array): Promise<Buffer> {
  return data.length < THREADED_FROM ? deflateSync(data, { level: LEVEL }) : deflateAsync(data, { level: LEVEL });
}

/** Deflates data that arrive in pieces. Holds only a few pieces in memory. */
export async function deflatePieces(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  await pipeline(pieces, createDeflate({ ...CHUNKS, level: LEVEL }), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) parts.push(chunk);
  });
  return Buffer.concat(parts);
}

/** Packs the streams of a document, with a limit on their total decoded size. */
export class StreamPacker {
  #encoded = 0;
  #decoded = 0;

  /**
   * Replaces all lossless filters by FlateDecode at its best level and keeps a predictor. Keeps image filters. Returns
   * undefined if the result is not smaller, or if the data cannot be decoded without loss or within the limits. Throws
   * the `InputError` `upload_too_large` for a bomb.
   */
  async pack(encoded: Buffer, filters: readonly Filter[]): Promise<Packed | undefined> {
    const count = filters.findIndex(({ name }) => !isLosslessFilter(name));
    const lossless = count < 0 ? filters : filters.slice(0, count);
    const kept = filters.slice(lossless.length);
    if (filters.length > MAX_FILTERS || hasNothingToGain(encoded, filters)) return undefined;
    this.#encoded += encoded.length;
    const parms = predictorOf(lossless.at(-1));
    const flate = [{ name: 'FlateDecode', parms }, ...kept];
    if (isFlateOnly(lossless) && encoded.length > CHUNKED_ABOVE)
      return smaller({ data: await this.#deflateChunked(encoded), filters: flate }, encoded);
    const plain = await this.#decode(encoded, lossless);
    if (!plain) return undefined;
    const data = await deflateBest(plain);
    // Data that image filters compressed rarely deflate further.
    const isPlainBetter = kept.length > 0 && parms === undefined && plain.length <= data.length;
    return smaller(isPlainBetter ? { data: plain, filters: kept } : { data, filters: flate }, encoded);
  }

  /** Decodes the filters, without the predictor of the last one. */
  async #decode(encoded: Buffer, filters: readonly Filter[]): Promise<Buffer | undefined> {
    const budget = new DecodingBudget();
    let data: Buffer | undefined = encoded;
    try {
      for (const [index, { name, parms }] of filters.entries()) {
        if (!data || (index > 0 && predictorOf(filters[index - 1]))) return undefined;
        data = await decodeStrictly(name, data, budget, parms);
      }
    } catch (thrown) {
      if (isBomb(encoded.length, budget.limit)) throw thrown;
      return undefined;
    }
    return data && this.#count(data.length) ? data : undefined;
  }

  async #deflateChunked(encoded: Buffer): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    let [decoded, deflated] = [0, 0];
    const count = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of chunks) {
        decoded += chunk.length;
        if (isBomb(encoded.length, decoded)) throw new DecodingBudget().exceeded();
        yield chunk;
      }
    };
    const collect = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
      for await (const chunk of chunks) {
        deflated += chunk.length;
        if (deflated >= encoded.length) throw new RangeError('not smaller');
        parts.push(chunk);
      }
    };
    const [inflating, deflating] = [createInflate(CHUNKS), createDeflate({ ...CHUNKS, level: LEVEL })];
    try {
      await pipeline([encoded], inflating, count, deflating, collect);
    } catch (thrown) {
      if (isInputError(thrown)) throw thrown;
      return undefined;
    }
    return this.#count(decoded) ? Buffer.concat(parts) : undefined;
  }

  /** Returns false when the limit of the document is reached. */
  #count(decoded: number): boolean {
    this.#decoded += decoded;
    if (this.#decoded <= MAX_DOCUMENT_STREAM_BYTES) return true;
    if (isBomb(this.#encoded, this.#decoded)) throw new DecodingBudget().exceeded();
    return false;
  }
}

/** Whether data are empty, have only image filters or are small and deflated well. */
function hasNothingToGain(encoded: Buffer, filters: readonly Filter[]): boolean {
  const [first] = filters;
  if (encoded.length === 0 || (first && !isLosslessFilter(first.name))) return true;
  return encoded.length <= MAX_KEPT && isDeflatedWell(encoded, filters);
}

function isFlateOnly(filters: readonly Filter[]): boolean {
  return filters.length === 1 && filters[0]?.name === 'FlateDecode';
}

/** Whether data above the limit of a stream consist mostly of repetition. */
function isBomb(encoded: number, decoded: number): boolean {
  return decoded >= MAX_STREAM_BYTES && decoded > encoded * BOMB_RATIO;
}

function smaller(
  { data, filters }: { readonly data: Buffer | undefined; readonly filters: readonly Filter[] },
  than: Buffer,
): Packed | undefined {
  return data && data.length < than.length ? { data, filters } : undefined;
}

/** The predictor parameters of FlateDecode or LZWDecode, which are the same (ISO 32000-2, table 8). */
function predictorOf(filter: Filter | undefined): PdfDict | undefined {
  const predictor = filter?.parms?.get('Predictor');
  if (!filter?.parms || typeof predictor !== 'number' || predictor <= 1) return undefined;
  const parms = new PdfDict(filter.parms);
  parms.delete('EarlyChange');
  return parms;
}
