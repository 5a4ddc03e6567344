import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import { PDFArray, PDFDict, PDFName } from 'pdf-lib';
import type { PDFContext, PDFRawStream } from 'pdf-lib';
import { MAX_DOCUMENT_STREAM_BYTES, MAX_STREAM_BYTES } from '../pdf/limits.js';
import { resolve } from './page-tree.js';

const inflateAsync = promisify(inflate);
const deflateAsync = promisify(deflate);

/** Names of a stream's filters in the order of decoding (ISO 32000-2, table 5); undefined where they cannot be read. */
export function filterNames(context: PDFContext, stream: PDFRawStream): string[] | undefined {
  const filter = resolve(context, stream.dict.get(PDFName.of('Filter')));
  if (filter === undefined) return [];
  if (filter instanceof PDFName) return [filter.decodeText()];
  if (!(filter instanceof PDFArray)) return undefined;
  const names = filter.asArray().map((item) => resolve(context, item));
  return names.every((name) => name instanceof PDFName) ? names.map((name) => name.decodeText()) : undefined;
}

/** Parameters of a stream's only filter; undefined where it has none. */
export function filterParms(context: PDFContext, stream: PDFRawStream): PDFDict | undefined {
  const parms = resolve(context, stream.dict.get(PDFName.of('DecodeParms')));
  const first = parms instanceof PDFArray && parms.size() > 0 ? resolve(context, parms.get(0)) : parms;
  return first instanceof PDFDict ? first : undefined;
}

/** Inflates streams of one document within the limits of a stream and of the document. */
export class Inflater {
  #left = MAX_DOCUMENT_STREAM_BYTES;

  /** The inflated bytes; undefined where they are damaged or would go over a limit. */
  async inflate(data: Uint8Array, limit = MAX_STREAM_BYTES): Promise<Buffer | undefined> {
    const maxOutputLength = Math.min(limit, MAX_STREAM_BYTES, this.#left);
    if (maxOutputLength < 1) return undefined;
    try {
      const inflated = await inflateAsync(data, { maxOutputLength });
      this.#left -= inflated.length;
      return inflated;
    } catch {
      return undefined;
    }
  }
}

/** Flate data at the best level that zlib has. */
export function deflateBest(data: Uint8Array): Promise<Buffer> {
  return deflateAsync(data, { level: 9 });
}
