import type { RawObject } from '../file/indirect-object.js';
import { FIXUP_FIELDS, Fixup } from '../syntax/scanner.js';
import { PdfDict, PdfRef, PdfStream, TargetRef } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';
import { sourceNumber } from '../syntax/object-numbers.js';

/** The object numbers that a value refers to, in the order they stand in it. */
export function referencesOf(value: PdfObject): SourceObjectNumber[] {
  const found: SourceObjectNumber[] = [];
  for (const part of partsOf(value)) if (part instanceof PdfRef) found.push(part.num);
  return found;
}

/** Every dictionary of a value: itself, a stream's, and those within. */
export function dictionariesOf(value: PdfObject): PdfDict[] {
  const found: PdfDict[] = [];
  for (const part of partsOf(value)) if (part instanceof PdfDict) found.push(part);
  return found;
}

/** The value and everything that is written into it, but for references of the result. */
function* partsOf(value: PdfObject): Generator<PdfObject> {
  const left: PdfObject[] = [value];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    yield next;
    if (next instanceof PdfStream) left.push(next.dict);
    else if (Array.isArray(next)) pushAll(next);
    else if (next instanceof PdfDict) pushAll([...next.values()]);
  }

  /** The first goes last: it is taken next. */
  function pushAll(items: readonly PdfObject[]): void {
    for (let at = items.length - 1; at >= 0; at--) {
      const item = items[at];
      if (typeof item === 'object' && item !== null && !(item instanceof TargetRef)) left.push(item);
    }
  }
}

/** The same of an object that is not parsed. */
export function rawReferencesOf({ fixups = [] }: RawObject): SourceObjectNumber[] {
  const found: SourceObjectNumber[] = [];
  for (let at = 0; at < fixups.length; at += FIXUP_FIELDS) {
    if (fixups[at] === Fixup.Reference) found.push(sourceNumber(fixups[at + 3] ?? 0));
  }
  return found;
}
