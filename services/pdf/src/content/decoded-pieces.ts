import { Readable } from 'node:stream';
import { constants, createInflateRaw } from 'node:zlib';
import { PdfError } from '../errors.js';
import type { PdfFile } from '../file/pdf-file.js';
import type { DecodingBudget } from '../filters/budget.js';
import { decode } from '../filters/decode.js';
import type { Filter } from '../filters/decode.js';
import { zlibHeaderEnd } from '../filters/flate.js';
import type { PdfStream } from '../syntax/objects.js';

const PIECE = 64 * 1024;
/** Flate expands at most 1,032 times. Data up to this size are decoded at once. */
const SMALL = 16 * 1024;

/**
 * Decodes a stream in pieces that stay valid. Memory does not grow with the decoded size if the last filter is
 * FlateDecode without a predictor, or if there are no filters. Other streams are decoded as a whole. Charges the
 * budget. Throws `upload_too_large` for too much output and `corrupt_pdf` for unsupported filters.
 */
export async function* decodedPieces(
  file: PdfFile,
  stream: PdfStream,
  budget: DecodingBudget,
): AsyncGenerator<Buffer, void, undefined> {
  const filters = file.filters(stream.dict).filter(({ name }) => name !== 'Crypt');
  const last = filters.at(-1);
  if (!last || (isPlainFlate(last) && stream.data.length > SMALL)) {
    const encoded =
      filters.length > 1 ? [decodeWhole(file, stream, filters.slice(0, -1), budget)] : encodedPieces(file, stream);
    yield* spent(last ? inflated(encoded, () => decodeWhole(file, stream, filters, budget)) : encoded, budget);
  } else yield decodeWhole(file, stream, filters, budget);
}

async function* spent(
  pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
  budget: DecodingBudget,
): AsyncGenerator<Buffer, void, undefined> {
  for await (const piece of pieces) {
    budget.spend(piece.length);
    yield piece;
  }
}

function isPlainFlate({ name, parms }: Filter): boolean {
  const predictor = parms?.get('Predictor') ?? 1;
  return name === 'FlateDecode' && typeof predictor === 'number' && predictor <= 1;
}

function decodeWhole(file: PdfFile, stream: PdfStream, filters: readonly Filter[], budget: DecodingBudget): Buffer {
  const { bytes, left } = decode(file.encoded(stream), filters, budget);
  const [undone] = left;
  if (undone) throw new PdfError('corrupt_pdf', `has a content stream with the filter ${undone.name}`);
  return bytes;
}

function* encodedPieces(file: PdfFile, stream: PdfStream): Generator<Buffer> {
  const { data } = stream;
  if (Buffer.isBuffer(data) || file.isEncrypted) {
    yield file.encoded(stream);
    return;
  }
  for (let at = 0; at < data.length; at += PIECE) {
    const piece = file.window(data.offset + at, Math.min(PIECE, data.length - at));
    if (piece.length === 0) return;
    yield Buffer.from(piece);
  }
}

/** Inflates in pieces (7.4.4). `whole` decodes data that are damaged or have no zlib header. */
async function* inflated(encoded: Iterable<Buffer>, whole: () => Buffer): AsyncGenerator<Buffer, void, undefined> {
  const pieces = encoded[Symbol.iterator]();
  const first = pieces.next();
  const start = first.done === true ? undefined : zlibHeaderEnd(first.value);
  if (first.done === true || start === undefined) {
    yield whole();
    return;
  }
  const body = first.value.subarray(start);
  const inflater = createInflateRaw({ chunkSize: PIECE, finishFlush: constants.Z_SYNC_FLUSH });
  const source = Readable.from(following(body, pieces)).on('error', (error) => inflater.destroy(error));
  let given = 0;
  try {
    for await (const piece of source.pipe(inflater)) {
      if (!Buffer.isBuffer(piece)) continue;
      given += piece.length;
      yield piece;
    }
  } catch (thrown) {
    if (!isZlibError(thrown)) throw thrown;
    yield whole().subarray(given);
  } finally {
    source.destroy();
    inflater.destroy();
  }
}

function* following(first: Buffer, pieces: Iterator<Buffer>): Generator<Buffer> {
  yield first;
  for (let more = pieces.next(); more.done !== true; more = pieces.next()) yield more.value;
}

function isZlibError(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' && thrown.code.startsWith('Z_');
}
