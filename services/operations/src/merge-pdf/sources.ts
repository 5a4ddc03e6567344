import { Copier, KeyCounter, SharedObjects, StructParentKeys } from '@pdf-tools/pdf';
import type { PdfWriter, TargetObjectNumber, TargetRef, ObjectDeduplicator } from '@pdf-tools/pdf';
import type { OpenDocument } from './documents.js';
import type { Part, PlannedPage } from './plan.js';
import { RepetitionBudget } from './repetition-budget.js';
import { pageKey } from './source.js';
import type { PlacedPage, Source } from './source.js';

/** A page of the result with its object number. It is a page of a document or a blank page. */
export interface NumberedPage extends PlannedPage {
  readonly position: number;
  readonly target: TargetObjectNumber;
  readonly parent: TargetRef;
}

/** The pages of a source, which are the nth use of each page. */
interface Group {
  readonly index: number;
  readonly nth: number;
  readonly pages: PlacedPage[];
}

/**
 * Gathers the pages into sources. A document's first source has the first use of each page, its second source the
 * second use.
 */
export function gatherSources(
  pages: readonly NumberedPage[],
  parts: readonly Part[],
  documents: ReadonlyMap<number, OpenDocument>,
  { writer, deduplicator }: { readonly writer: PdfWriter; readonly deduplicator: ObjectDeduplicator },
): Source[] {
  const groups = groupPages(pages, parts, documents);
  const repeated = new Set(groups.flatMap(({ index, nth }) => (nth > 0 ? index : [])));
  const [counter, budget] = [new KeyCounter(), new RepetitionBudget()];
  const again = (bytes: number): void => {
    budget.spend(bytes);
  };
  const never = (): void => undefined;
  const firsts = new Map<number, Source>();
  const sharedBy = new Map<number, SharedObjects>();
  return groups.flatMap(({ index, pages: placed }) => {
    const document = documents.get(index);
    if (!document) return [];
    const first = firsts.get(index);
    const shared = sharedBy.get(index) ?? (repeated.has(index) ? new SharedObjects(document.file) : undefined);
    if (shared) sharedBy.set(index, shared);
    const spend = first ? again : never;
    const copier = new Copier(document.file, writer, deduplicator, new StructParentKeys(counter), {
      shared,
      first: first?.copier,
      onWrite: spend,
    });
    const source = makeSource(document, copier, placed, { first, spend });
    if (first) return [source];
    firsts.set(index, source);
    for (const [num, target] of document.written ?? []) copier.placeForAll(num, target);
    return [source];
  });
}

/** The groups in the order of their first pages, so that a document's first use comes first. */
function groupPages(
  pages: readonly NumberedPage[],
  parts: readonly Part[],
  documents: ReadonlyMap<number, OpenDocument>,
): Group[] {
  const groups = new Map<string, Group>();
  const uses = new Map<string, number>();
  for (const { part, page, ...place } of pages) {
    const { index, rotate } = parts[part] ?? { index: -1, rotate: 0 };
    const entry = page === undefined ? undefined : documents.get(index)?.tree.pages[page];
    if (!entry || page === undefined) continue;
    // A page that occurs twice in the tree is one object, but each placed page needs its own.
    const use = `${index} ${entry.num ?? `direct ${page}`}`;
    const nth = uses.get(use) ?? 0;
    uses.set(use, nth + 1);
    const key = `${index} ${nth}`;
    const group = groups.get(key) ?? { index, nth, pages: [] };
    group.pages.push({ entry, sourceIndex: page, part, rotate, ...place });
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** `first` is the source with the first copy of the pages. Links to pages outside a repeated source lead there. */
function makeSource(
  { numbered, file, tree }: OpenDocument,
  copier: Copier,
  pages: readonly PlacedPage[],
  { first, spend }: Pick<Source, 'first' | 'spend'>,
): Source {
  const byKey = new Map(pages.map((page) => [pageKey(page), page]));
  return {
    numbered,
    index: numbered.index,
    name: numbered.file.name,
    file,
    tree,
    copier,
    pages,
    first,
    spend,
    isRepeated: first !== undefined,
    isWhole: pages.length === tree.pages.length,
    ownPage: (key) => byKey.get(key),
    pageOf: (key) => byKey.get(key) ?? first?.pageOf(key),
  };
}
