import { pageDict } from '../pdf/document/page-tree.js';
import type { PageTree } from '../pdf/document/page-tree.js';
import type { PdfFile } from '../pdf/file/pdf-file.js';
import { PdfDict, PdfName, PdfRef } from '../pdf/syntax/objects.js';
import type { Changes } from './changes.js';

/** Gives pages whose tree is lost a new one (ISO 32000-2, 7.7.3), without levels. Other trees stay as they are. */
export function restoreTree(file: PdfFile, { pages, nodes }: PageTree, changes: Changes): void {
  const root = file.trailer.get('Root');
  if (nodes.size > 0 || !(root instanceof PdfRef) || pages.some(({ num }) => num === undefined)) return;
  const kids = pages.flatMap(({ num }) => (num === undefined ? [] : [new PdfRef(num, 0)]));
  const tree = new PdfRef(changes.add(PdfDict.of({ Type: new PdfName('Pages'), Kids: kids, Count: kids.length })), 0);
  for (const page of pages)
    if (page.num !== undefined) changes.replace(page.num, pageDict(file, page).set('Parent', tree));
  const catalog = changes.current(root.num);
  if (catalog instanceof PdfDict) changes.replace(root.num, new PdfDict(catalog).set('Pages', tree));
}
