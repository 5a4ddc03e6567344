import { PdfDict } from '../syntax/objects.js';
import type { Findings } from './scan-file.js';
import type { Xref, XrefEntry } from './xref.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';

/**
 * Builds a cross-reference from a scan, without objects in object streams. Of objects with the same number, and of
 * trailers, the last is the newest (ISO 32000-2, 7.5.6).
 */
export function xrefOf({ objects, trailers }: Findings): Xref {
  const entries = new Map<SourceObjectNumber, XrefEntry>();
  for (const { num, offset, gen } of objects) entries.set(num, { kind: 'offset', offset, gen });
  const trailer = new PdfDict();
  for (const dict of trailers.toReversed()) {
    for (const [key, value] of dict) if (!trailer.has(key)) trailer.set(key, value);
  }
  return { entries, trailer };
}

/** Adds the objects of the object stream at an offset, except those that the file redefines after it. */
export function addCompressed(
  xref: Xref,
  container: SourceObjectNumber,
  offset: number,
  numbers: Iterable<SourceObjectNumber>,
): void {
  let index = 0;
  for (const num of numbers) {
    const known = xref.entries.get(num);
    const newer = known?.kind === 'offset' && known.offset > offset;
    if (!newer) xref.entries.set(num, { kind: 'compressed', container, index });
    index++;
  }
}
