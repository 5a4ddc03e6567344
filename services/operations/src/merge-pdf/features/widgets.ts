import { PdfDict, annotationsOf, isName, pageDict } from '@pdf-tools/pdf';
import type { Source } from '../source.js';
import type { SourceObjectNumber } from '@pdf-tools/pdf';

const WIDGET = Buffer.from('/Widget');
/** A name may be written with escapes (ISO 32000-2, 7.3.5). */
const ESCAPE = Buffer.from('#');

/** The object numbers of the widgets on the pages of a source. Does not parse other annotations. */
export function* widgetsOf({ file, pages }: Source): Generator<SourceObjectNumber> {
  for (const { entry } of pages) {
    for (const num of annotationsOf(file, pageDict(file, entry))) {
      const raw = file.raw(num);
      const view = raw?.bytes.subarray(raw.start, raw.end);
      if (!view?.includes(WIDGET) && !view?.includes(ESCAPE)) continue;
      const widget = file.load(num);
      if (widget instanceof PdfDict && isName(file.resolve(widget.get('Subtype')), 'Widget')) yield num;
    }
  }
}
