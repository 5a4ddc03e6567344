import { NULL_TARGET, PdfDict, PdfName, PdfStream, annotationsOf, checkPageSides, pageDict } from '@pdf-tools/pdf';
import type { PdfFile, PdfObject } from '@pdf-tools/pdf';
import type { PlacedPage, Source } from './source.js';

/** The default page size of readers: US letter. */
const DEFAULT_MEDIA_BOX = [0, 0, 612, 792];
/** Entries that a blank page copies from its neighbour to have the same shape. */
const SHAPE = ['MediaBox', 'CropBox', 'Rotate', 'UserUnit'];
const FULL_TURN = 360;

/** A page's dictionary as it is copied, without /Parent, with inherited attributes, and rotated. */
export function mergedPage(file: PdfFile, { entry, rotate }: Pick<PlacedPage, 'entry' | 'rotate'>): PdfDict {
  const dict = pageDict(file, entry);
  dict.set('Type', new PdfName('Page'));
  if (file.resolve(dict.get('MediaBox')) === null) dict.set('MediaBox', [...DEFAULT_MEDIA_BOX]);
  if (!(file.resolve(dict.get('Resources')) instanceof PdfDict)) dict.set('Resources', new PdfDict());
  const contents = file.resolve(dict.get('Contents'));
  if (!(contents instanceof PdfStream) && !Array.isArray(contents)) dict.delete('Contents');
  checkPageSides(file, dict);
  return turned(file, dict, rotate);
}

/** Rotates a page clockwise by a number of degrees. */
function turned(file: PdfFile, dict: PdfDict, rotate: number): PdfDict {
  if (rotate === 0) return dict;
  const degrees = numberOf(file, dict.get('Rotate')) + rotate;
  return dict.set('Rotate', ((degrees % FULL_TURN) + FULL_TURN) % FULL_TURN);
}

/**
 * Places the source's page tree. Taken pages are kept, and everything else becomes null. Objects that belong to one
 * page are copied with each repetition.
 */
export function placePages({ file, tree, copier, pages, isRepeated, ownPage }: Source): void {
  if (isRepeated) {
    for (const { entry, target } of pages) if (entry.num !== undefined) copier.place(entry.num, target);
    return;
  }
  for (const { num } of tree.pages) if (num !== undefined) copier.placeForAll(num, ownPage(num)?.target ?? NULL_TARGET);
  for (const node of tree.nodes) copier.placeForAll(node, NULL_TARGET);
  if (!copier.shared) return;
  for (const { entry } of pages) for (const num of annotationsOf(file, pageDict(file, entry))) copier.shared.bind(num);
}

/** Copies the pages of a source to their places. */
export function copyPages(source: Source): void {
  for (const page of source.pages) {
    const dict = pageToCopy(source, page);
    dict.set('Parent', page.parent);
    source.copier.write(dict, page.target);
  }
}

/** A repeated page is read once and shares its large parts. */
function pageToCopy({ file, copier, isRepeated }: Source, page: PlacedPage): PdfDict {
  const { shared } = copier;
  if (!isRepeated || !shared) return mergedPage(file, page);
  const reduced = shared.reducedOnce(page.entry, () => mergedPage(file, { entry: page.entry, rotate: 0 }));
  return turned(file, new PdfDict(reduced instanceof PdfDict ? reduced : []), page.rotate);
}

/** A blank page with the shape of another page. */
export function blankPage(file: PdfFile, neighbour: PdfDict): PdfDict {
  const dict = PdfDict.of({ Type: new PdfName('Page'), Resources: new PdfDict() });
  for (const key of SHAPE) {
    const value = file.resolve(neighbour.get(key));
    if (value !== null) dict.set(key, Array.isArray(value) ? value.map((item) => file.resolve(item)) : value);
  }
  return dict;
}

/** Displayed width and height of a page in its units. 0 if its box is invalid. */
export function pageSize(file: PdfFile, page: PdfDict): { width: number; height: number } {
  const box = file.resolve(page.get('CropBox') ?? page.get('MediaBox'));
  const [left, bottom, right, top] = (Array.isArray(box) ? box : []).map((item) => numberOf(file, item));
  if (left === undefined || bottom === undefined || right === undefined || top === undefined)
    return { width: 0, height: 0 };
  const [width, height] = [Math.abs(right - left), Math.abs(top - bottom)];
  const lies = numberOf(file, page.get('Rotate')) % 180 !== 0;
  return lies ? { width: height, height: width } : { width, height };
}

function numberOf(file: PdfFile, value: PdfObject | undefined): number {
  const number = file.resolve(value);
  return typeof number === 'number' ? number : 0;
}
