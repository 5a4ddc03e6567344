import { PDFArray, PDFDict, PDFRef, PDFStream } from 'pdf-lib';
import type { PDFContext, PDFObject } from 'pdf-lib';

/** Deletes the objects that nothing in the trailer leads to, and returns how many these were. */
export function dropUnreachable(context: PDFContext): number {
  const reachable = collectReachable(context);
  let dropped = 0;
  for (const [ref] of context.enumerateIndirectObjects()) {
    if (!reachable.has(ref) && context.delete(ref)) dropped += 1;
  }
  return dropped;
}

function collectReachable(context: PDFContext): Set<PDFRef> {
  const { Root, Info, ID } = context.trailerInfo;
  const seen = new Set<PDFRef>();
  const stack: PDFObject[] = [Root, Info, ID].filter((object) => object !== undefined);
  for (let object = stack.pop(); object; object = stack.pop()) {
    if (object instanceof PDFRef) {
      if (seen.has(object)) continue;
      seen.add(object);
      const target = context.lookup(object);
      if (target) stack.push(target);
    } else {
      for (const child of children(object)) stack.push(child);
    }
  }
  return seen;
}

function children(object: PDFObject): PDFObject[] {
  if (object instanceof PDFDict) return object.values();
  if (object instanceof PDFArray) return object.asArray();
  return object instanceof PDFStream ? object.dict.values() : [];
}
