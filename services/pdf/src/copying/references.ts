import type { RawObject } from '../file/indirect-object.js';
import { FIXUP_FIELDS, Fixup } from '../syntax/scanner.js';
import { PdfDict, PdfRef, PdfStream, TargetRef } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';
import { sourceNumber } from '../syntax/object-numbers.js';

/** The numbers of the source objects that a value refers to, in order. */
export function referencesOf(value: PdfObject): SourceObjectNumber[] {
  const found: SourceObjectNumber[] = [];
  for (const part of partsOf(value)) if (part instanceof PdfRef) found.push(part.num);
  return found;
}

/** All dictionaries in a value, including a stream's and the value itself. */
export function dictionariesOf(value: PdfObject): PdfDict[] {
  const found: PdfDict[] = [];
  for (const part of partsOf(value)) if (part instanceof PdfDict) found.push(part);
  return found;
}

/** The value and all parts written in it, except references of the target. */
function* partsOf(value: PdfObject): Generator<PdfObject> {
  const left: PdfObject[] = [value];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    yield next;
    if (next instanceof PdfStream) left.push(next.dict);
    else if (Array.isArray(next)) pushAll(next);
    else if (next instanceof PdfDict) pushAll([...next.values()]);
  }

  /** The stack is last in, first out. */
  function pushAll(items: readonly PdfObject[]): void {
    for (let at = items.length - 1; at >= 0; at--) {
      const item = items[at];
      if (typeof item === 'object' && item !== null && !(item instanceof TargetRef)) left.push(item);
    }
  }
}

/** Like `referencesOf`, for an object that is not parsed. */
export function rawReferencesOf({ fixups = [] }: RawObject): SourceObjectNumber[] {
  const found: SourceObjectNumber[] = [];
  for (let at = 0; at < fixups.length; at += FIXUP_FIELDS) {
    if (fixups[at] === Fixup.Reference) found.push(sourceNumber(fixups[at + 3] ?? 0));
  }
  return found;
}
