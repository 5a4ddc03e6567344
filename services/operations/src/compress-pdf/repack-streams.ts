import { PDFName, PDFRawStream } from 'pdf-lib';
import type { PDFContext, PDFDict, PDFRef } from 'pdf-lib';
import { deflateBest, filterNames } from '../pdf-lib/filters.js';
import type { Inflater } from '../pdf-lib/filters.js';

/** How many streams were packed better, and the bytes saved by that. */
export interface Repacked {
  readonly repacked: number;
  readonly saved_bytes: number;
}

interface Progress {
  readonly signal: AbortSignal;
  /** The share of streams that are done, 0 to 1. */
  readonly onShare: (share: number) => void;
}

const FILTER = PDFName.of('Filter');

/**
 * Deflates streams that have no filter, and FlateDecode streams anew, at zlib's best level, where that is smaller.
 * Predicted rows stay predicted. Metadata stays readable by tools that do not inflate (ISO 19005 asks for that too).
 */
export async function repackStreams(
  context: PDFContext,
  inflater: Inflater,
  { signal, onShare }: Progress,
): Promise<Repacked> {
  const objects = context.enumerateIndirectObjects();
  let repacked = 0;
  let saved = 0;
  for (const [index, [ref, object]] of objects.entries()) {
    if (!(object instanceof PDFRawStream) || isExempt(object.dict)) continue;
    signal.throwIfAborted();
    const packed = await repack(context, object, inflater);
    onShare((index + 1) / objects.length);
    if (!packed || packed.length >= object.contents.length) continue;
    repacked += 1;
    saved += object.contents.length - packed.length;
    replace(context, ref, object, packed);
  }
  return { repacked, saved_bytes: saved };
}

function isExempt(dict: PDFDict): boolean {
  return dict.get(PDFName.of('Type')) === PDFName.of('Metadata') || dict.has(PDFName.of('F'));
}

/** The stream's bytes deflated anew; undefined where another filter packs them or they cannot be inflated. */
async function repack(context: PDFContext, stream: PDFRawStream, inflater: Inflater): Promise<Buffer | undefined> {
  const filters = filterNames(context, stream);
  if (filters?.length === 0) return stream.contents.length > 0 ? deflateBest(stream.contents) : undefined;
  if (filters?.length !== 1 || filters[0] !== 'FlateDecode') return undefined;
  const inflated = await inflater.inflate(stream.contents);
  return inflated && deflateBest(inflated);
}

/** The filter entry of a Flate stream stays in its form: viewers want /DecodeParms to match it, name by name or array by array. */
function replace(context: PDFContext, ref: PDFRef, stream: PDFRawStream, packed: Buffer): void {
  const dict = stream.dict.clone(context);
  if (filterNames(context, stream)?.length === 0) {
    dict.delete(PDFName.of('DecodeParms'));
    dict.set(FILTER, PDFName.of('FlateDecode'));
  }
  context.assign(ref, PDFRawStream.of(dict, packed));
}
