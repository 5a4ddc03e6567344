import { PdfDict, PdfName, PdfRef, PdfStream, checkPageSides, pageDict } from '@pdf-tools/pdf';
import type { PageTree, PdfFile, SourceObjectNumber } from '@pdf-tools/pdf';
import type { Changes } from './changes.js';

/**
 * Repairs a lost or damaged page tree, and contents that are neither a stream nor an array. Returns whether anything
 * was damaged. Throws the `PdfError` `too_many_pixels` for a page that is too large.
 */
export function repairPages(file: PdfFile, tree: PageTree, changes: Changes): boolean {
  for (const page of tree.pages) checkPageSides(file, pageDict(file, page));
  const hasDamagedTree = restoreTree(file, tree, changes);
  const hasDamagedContents = tree.pages.map(({ num }) => num !== undefined && dropContents(file, num, changes));
  return hasDamagedTree || hasDamagedContents.includes(true);
}

/** Removes invalid contents of a page (7.7.3.3). Returns whether it had any. */
function dropContents(file: PdfFile, num: SourceObjectNumber, changes: Changes): boolean {
  const page = changes.current(num);
  if (!(page instanceof PdfDict) || !page.has('Contents')) return false;
  const contents = file.resolve(page.get('Contents'));
  if (contents instanceof PdfStream || Array.isArray(contents)) return false;
  const repaired = new PdfDict(page);
  repaired.delete('Contents');
  changes.replace(num, repaired);
  return true;
}

/** Builds a new flat page tree (7.7.3) if the tree is damaged. Returns whether it was damaged. */
function restoreTree(file: PdfFile, tree: PageTree, changes: Changes): boolean {
  if (isIntact(file, tree)) return false;
  const root = file.trailer.get('Root');
  if (!(root instanceof PdfRef) || tree.pages.some(({ num }) => num === undefined)) return true;
  const kids = tree.pages.flatMap(({ num }) => (num === undefined ? [] : [new PdfRef(num, 0)]));
  const node = new PdfRef(changes.add(PdfDict.of({ Type: new PdfName('Pages'), Kids: kids, Count: kids.length })), 0);
  for (const page of tree.pages)
    if (page.num !== undefined) changes.replace(page.num, pageDict(file, page).set('Parent', node));
  const catalog = changes.current(root.num);
  if (catalog instanceof PdfDict) changes.replace(root.num, new PdfDict(catalog).set('Pages', node));
  return true;
}

/** Whether the tree has all announced pages, and the parents of its pages and of its root are correct. */
function isIntact(file: PdfFile, { pages, nodes, lost, announced }: PageTree): boolean {
  if (nodes.size === 0 || lost > 0 || announced !== pages.length) return false;
  const root = file.resolve(file.catalog.get('Pages'));
  if (root instanceof PdfDict && file.resolve(root.get('Parent')) !== null) return false;
  return pages.every(({ num }) => {
    const page = num === undefined ? null : file.load(num);
    const parent = page instanceof PdfDict ? page.get('Parent') : undefined;
    return num === undefined || (parent instanceof PdfRef && nodes.has(parent.num));
  });
}
