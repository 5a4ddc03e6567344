import { createHash, hash } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import type { PdfFile } from '../file/pdf-file.js';
import type { Filter } from '../filters/decode.js';
import { MAX_STREAM_BYTES } from '../limits.js';
import { PdfDict, PdfName, isOfType } from '../syntax/objects.js';
import type { PdfStream } from '../syntax/objects.js';

import type { Parts, PdfWriter } from '../writing/pdf-writer.js';

/** A stream to be written, with its dictionary before renumbering, its data, and a digest of the data. */
export interface StreamCopy {
  readonly dict: PdfDict;
  readonly digest: Buffer;
  readonly data: Parts;
}

/** Larger streams are copied in parts of this size. */
const PART = 256 * 1024;
/** Filters that compress worse than Flate (ISO 32000-2, table 6). */
const POOR = new Set(['ASCIIHexDecode', 'ASCII85Decode', 'LZWDecode', 'RunLengthDecode']);
/** Flate expands at most 1,032 times. Shorter data stay below the limit of a stream. */
const MAX_LOOSE_BYTES = 65_000;
/** Compressing less than this saves nothing. */
const FEW_BYTES = 64;

/**
 * Prepares a stream for copying. Passes its data through unchanged, or deflates them if `deflates` is set and their
 * filters are inefficient.
 */
export function copyStream(file: PdfFile, writer: PdfWriter, stream: PdfStream, deflates = true): StreamCopy {
  const dict = new PdfDict(stream.dict);
  const { data } = stream;
  const filters = file.filters(dict);
  if (writer.plainMetadata && isOfType(dict, 'Metadata')) return unfiltered(file, stream, dict);
  const packing = deflates ? packingOf(stream, filters) : 'kept';
  const plain = !file.isEncrypted && !writer.encrypts;
  if (plain && !Buffer.isBuffer(data) && data.length > PART && packing !== 'poor') {
    dict.set('Length', data.length);
    return { dict, digest: digestOf(parts(file, data)), data: parts(file, data) };
  }
  const kept = filters.filter(({ name }) => name !== 'Crypt');
  if (file.isEncrypted) setFilters(dict, kept);
  const encoded = encodedFor(packing, { file, writer, stream, dict });
  const encrypted = writer.encrypt(encoded);
  dict.set('Length', encrypted.length);
  // The digest is of the unencrypted data, because encryption differs each time.
  return { dict, digest: Buffer.from(hash('sha256', encoded, 'buffer')), data: [encrypted] };
}

/**
 * How well the data of a stream are compressed. They may be compressed poorly, by a writer with a low Flate level, or
 * well enough to keep.
 */
type Packing = 'poor' | 'loose' | 'kept';

function packingOf(stream: PdfStream, filters: readonly Filter[]): Packing {
  if (isPoor(stream, filters)) return 'poor';
  return isLooseFlate(stream, filters) ? 'loose' : 'kept';
}

interface Copying {
  readonly file: PdfFile;
  readonly writer: PdfWriter;
  readonly stream: PdfStream;
  /** Receives the filters of the result. */
  readonly dict: PdfDict;
}

function encodedFor(packing: Packing, { file, writer, stream, dict }: Copying): Buffer {
  switch (packing) {
    case 'poor':
      return recoded(file, stream, dict);
    case 'loose':
      return redeflated(file, writer, stream);
    case 'kept':
      return file.encoded(stream);
  }
}

/** A metadata stream of PDF/A-1, which is never encrypted. */
function unfiltered(file: PdfFile, stream: PdfStream, dict: PdfDict): StreamCopy {
  const { bytes, left } = file.decoded(stream);
  setFilters(dict, left);
  dict.set('Length', bytes.length);
  return { dict, digest: Buffer.from(hash('sha256', bytes, 'buffer')), data: [bytes] };
}

/** Returns the data, deflated if that makes them smaller. Sets the resulting filters in `dict`. */
function recoded(file: PdfFile, stream: PdfStream, dict: PdfDict): Buffer {
  const encoded = file.encoded(stream);
  const { bytes, left } = file.decoded(stream);
  const deflated = deflateSync(bytes);
  if (deflated.length >= encoded.length) return encoded;
  setFilters(dict, [{ name: 'FlateDecode', parms: undefined }, ...left]);
  return deflated;
}

/** Whether deflating the data is likely to make them smaller. Ignores external data (/F). */
function isPoor({ dict, data }: PdfStream, filters: readonly Filter[]): boolean {
  if (dict.has('F') || data.length < FEW_BYTES) return false;
  return filters.length === 0 || filters.some(({ name }) => POOR.has(name));
}

/**
 * Whether to deflate Flate data again. Only writers that use a low level, recognized by a single filter in an array as
 * qpdf writes it. Deflating all streams would take many times longer than merging.
 */
function isLooseFlate({ dict, data }: PdfStream, filters: readonly Filter[]): boolean {
  const [only, ...others] = filters;
  const isSingle = only?.name === 'FlateDecode' && !only.parms && others.length === 0;
  return isSingle && Array.isArray(dict.get('Filter')) && !dict.has('F') && data.length <= MAX_LOOSE_BYTES;
}

/** Deflates the data again if they are valid and the writer's allowance is not used up. */
function redeflated(file: PdfFile, writer: PdfWriter, stream: PdfStream): Buffer {
  const encoded = file.encoded(stream);
  if (writer.flateAllowance <= 0) return encoded;
  try {
    const bytes = inflateSync(encoded, { maxOutputLength: MAX_STREAM_BYTES });
    writer.flateAllowance -= bytes.length;
    const deflated = deflateSync(bytes);
    return deflated.length < encoded.length ? deflated : encoded;
  } catch {
    return encoded;
  }
}

/** Sets a stream's /Filter and /DecodeParms. */
export function setFilters(dict: PdfDict, filters: readonly Filter[]): void {
  dict.delete('Filter');
  dict.delete('DecodeParms');
  if (filters.length === 0) return;
  const [first, ...more] = filters;
  if (first && more.length === 0) {
    dict.set('Filter', new PdfName(first.name));
    if (first.parms) dict.set('DecodeParms', first.parms);
    return;
  }
  dict.set(
    'Filter',
    filters.map(({ name }) => new PdfName(name)),
  );
  if (filters.some(({ parms }) => parms)) {
    dict.set(
      'DecodeParms',
      filters.map(({ parms }) => parms ?? null),
    );
  }
}

function* parts(file: PdfFile, { offset, length }: { offset: number; length: number }): Generator<Buffer> {
  for (let at = 0; at < length; at += PART) yield file.window(offset + at, Math.min(PART, length - at));
}

function digestOf(data: Parts): Buffer {
  const digest = createHash('sha256');
  for (const part of data) digest.update(part);
  return digest.digest();
}
