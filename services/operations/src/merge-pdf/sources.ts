import { Copier } from '../pdf/copying/copier.js';
import { KeyCounter, StructParentKeys } from '../pdf/copying/struct-parent-keys.js';
import { Twins } from '../pdf/copying/twins.js';
import type { WrittenRef } from '../pdf/syntax/objects.js';
import type { PdfWriter } from '../pdf/writing/pdf-writer.js';
import type { OpenDocument } from './documents.js';
import type { Part, PlannedPage } from './plan.js';
import type { PlacedPage, Source } from './source.js';

/** A page of the result that has its number: one of a document, or a blank one after it. */
export interface NumberedPage extends PlannedPage {
  readonly position: number;
  readonly target: number;
  readonly parent: WrittenRef;
}

/** Gathers the pages of each document into its sources: the first use of each page in the first, the second in the next. */
export function gatherSources(
  pages: readonly NumberedPage[],
  parts: readonly Part[],
  documents: ReadonlyMap<number, OpenDocument>,
  writer: PdfWriter,
): Source[] {
  const twins = new Twins();
  const counter = new KeyCounter();
  const groups = new Map<string, PlacedPage[]>();
  const uses = new Map<string, number>();
  for (const { part, page, ...place } of pages) {
    const { index, rotate } = parts[part] ?? { index: -1, rotate: 0 };
    const entry = page === undefined ? undefined : documents.get(index)?.tree.pages[page];
    if (!entry || page === undefined) continue;
    // A page that stands in the tree twice is one object, which two placed pages cannot share.
    const use = `${index} ${entry.num ?? `direct ${page}`}`;
    const nth = uses.get(use) ?? 0;
    uses.set(use, nth + 1);
    const key = `${index} ${nth}`;
    const group = groups.get(key) ?? [];
    group.push({ entry, sourceIndex: page, part, rotate, ...place });
    groups.set(key, group);
  }
  return [...groups].flatMap(([key, placed]) => {
    const [index = 0, nth = 0] = key.split(' ').map(Number);
    const document = documents.get(index);
    if (!document) return [];
    const copier = new Copier(document.file, writer, twins, new StructParentKeys(counter));
    const first = nth === 0 ? [] : (groups.get(`${index} 0`) ?? []);
    return [makeSource(document, copier, placed, first)];
  });
}

/** Of a repeated source, `first` is where its document's pages are the first time: links to others lead there. */
function makeSource(
  { numbered, file, tree }: OpenDocument,
  copier: Copier,
  pages: readonly PlacedPage[],
  first: readonly PlacedPage[],
): Source {
  const byNumber = new Map([...first, ...pages].map((page) => [page.entry.num, page]));
  return {
    numbered,
    index: numbered.index,
    name: numbered.file.name,
    file,
    tree,
    copier,
    pages,
    isRepeated: first.length > 0,
    isWhole: pages.length === tree.pages.length,
    pageOf: (num) => byNumber.get(num),
  };
}
