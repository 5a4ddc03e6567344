import { inflateSync } from 'node:zlib';
import { Fault } from '../fault.js';
import { MAX_DOCUMENT_STREAM_BYTES, MAX_FILTERS, MAX_STREAM_BYTES } from '../pdf/limits.js';

const MEBIBYTE = 2 ** 20;
const CHUNK_BYTES = 262_144;

/** What the Flate streams of one document may inflate to, one by one and together. */
export class InflationBudget {
  #left = MAX_DOCUMENT_STREAM_BYTES;

  /**
   * Inflates stream data through its Flate filters, up to the first of another kind, and returns the size that is
   * reached; undefined where the data is damaged. Throws a `Fault`: `upload_too_large` for what goes over a limit,
   * `corrupt_pdf` for a chain of filters that no honest writer makes.
   */
  spend(data: Uint8Array, filters: readonly string[]): number | undefined {
    if (filters.length > MAX_FILTERS)
      throw new Fault('corrupt_pdf', `has a stream with more than the limit of ${MAX_FILTERS} filters`);
    let bytes = data;
    for (const filter of filters) {
      if (filter !== 'FlateDecode' && filter !== 'Fl') break;
      const inflated = this.#inflate(bytes);
      if (!inflated) return undefined;
      bytes = inflated;
    }
    this.#left -= bytes.length;
    return bytes.length;
  }

  #inflate(data: Uint8Array): Buffer | undefined {
    const maxOutputLength = Math.max(1, Math.min(MAX_STREAM_BYTES, this.#left));
    try {
      return inflateSync(data, { maxOutputLength, chunkSize: CHUNK_BYTES });
    } catch (thrown) {
      if (!isTooLarge(thrown)) return undefined;
      throw maxOutputLength === MAX_STREAM_BYTES
        ? tooLarge('a stream that inflates', MAX_STREAM_BYTES, thrown)
        : tooLarge('streams that together inflate', MAX_DOCUMENT_STREAM_BYTES, thrown);
    }
  }
}

function isTooLarge(thrown: unknown): boolean {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === 'ERR_BUFFER_TOO_LARGE';
}

function tooLarge(what: string, limit: number, cause: unknown): Fault {
  return new Fault('upload_too_large', `has ${what} to more than the limit of ${limit / MEBIBYTE} MiB`, cause);
}
