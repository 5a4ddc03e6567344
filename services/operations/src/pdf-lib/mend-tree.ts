import { PDFArray, PDFDict, PDFName, PDFNumber } from 'pdf-lib';
import type { PDFContext, PDFRef } from 'pdf-lib';
import type { Page } from './page-tree.js';

/**
 * Gives a document with a damaged page tree a flat one (ISO 32000-2, 7.7.3) of the pages that were found. A page that
 * stands at several places becomes one object for each.
 */
export function mendTree(context: PDFContext, catalog: PDFDict, pages: readonly Page[]): void {
  const tree = context.nextRef();
  const kids = PDFArray.withContext(context);
  const taken = new Set<PDFRef>();
  for (const { ref, dict, attributes } of pages) {
    const page = PDFDict.withContext(context);
    for (const [key, value] of [...dict.entries(), ...attributes]) page.set(key, value);
    page.set(PDFName.of('Type'), PDFName.of('Page'));
    page.set(PDFName.of('Parent'), tree);
    const own = ref && !taken.has(ref) ? ref : context.nextRef();
    taken.add(own);
    context.assign(own, page);
    kids.push(own);
  }
  const root = PDFDict.withContext(context);
  root.set(PDFName.of('Type'), PDFName.of('Pages'));
  root.set(PDFName.of('Count'), PDFNumber.of(pages.length));
  root.set(PDFName.of('Kids'), kids);
  context.assign(tree, root);
  catalog.set(PDFName.of('Pages'), tree);
}
