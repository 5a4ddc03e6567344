import { PDFName, PDFNull, PDFNumber, PDFRawStream, PDFRef } from 'pdf-lib';
import type { PDFContext, PDFObject } from 'pdf-lib';

/**
 * Replaces objects that are nothing but a reference by what it leads to, or by null where it leads in a circle (an
 * indirect object may not be a reference: ISO 32000-2, 7.3.10). Returns true where there was something to mend, which
 * goes for a stream whose length is no number too: the writer sets that one right.
 */
export function mendReferences(context: PDFContext): boolean {
  let mended = false;
  for (const [ref, object] of context.enumerateIndirectObjects()) {
    if (object instanceof PDFRef) {
      context.assign(ref, follow(context, object));
      mended = true;
    } else if (object instanceof PDFRawStream) {
      const length = object.dict.get(PDFName.of('Length'));
      if (length instanceof PDFRef && !(context.lookup(length) instanceof PDFNumber)) mended = true;
    }
  }
  return mended;
}

function follow(context: PDFContext, first: PDFRef): PDFObject {
  const seen = new Set<PDFObject>();
  let object: PDFObject | undefined = first;
  while (object instanceof PDFRef && !seen.has(object)) {
    seen.add(object);
    object = context.lookup(object);
  }
  return object === undefined || object instanceof PDFRef ? PDFNull : object;
}
