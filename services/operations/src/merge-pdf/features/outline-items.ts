import { PdfDict } from '@pdf-tools/pdf';
import { pageKey } from '../source.js';
import type { Source } from '../source.js';
import type { DocumentOutline, OutlineEntry } from './outline-reader.js';

/** An outline item (ISO 32000-2, table 151) of the result. */
export interface OutlineItem {
  /** Its entries without the links to other items. */
  readonly entries: PdfDict;
  readonly items: OutlineItem[];
  /** Whether its nested items are shown. */
  readonly isOpen: boolean;
  /** The source that its entries refer to. Undefined for a new item. */
  readonly source: Source | undefined;
}

/** All items of a source's document. */
export function allItems(source: Source, { entries }: DocumentOutline): OutlineItem[] {
  return build(source, entries, entries.keys(), () => true);
}

/**
 * The items that lead to a source's pages in a part of the result, and their ancestors. Ancestors with a target
 * elsewhere lose it. Items without a target come with the first taken pages.
 */
export function itemsOfPart(source: Source, outline: DocumentOutline, part: number): OutlineItem[] {
  const { entries } = outline;
  const staying = stayingItems(source, outline, part);
  const kept = new Set<number>();
  for (const start of staying) {
    for (let at: number | undefined = start; at !== undefined && !kept.has(at); at = entries[at]?.above) kept.add(at);
  }
  const ordered = [...kept].sort((left, right) => left - right);
  return build(source, entries, ordered, (at) => staying.has(at));
}

/** The positions of items that keep their targets. */
function stayingItems(source: Source, { byPage, plain }: DocumentOutline, part: number): Set<number> {
  const isFirst = !source.isRepeated && source.pages[0]?.part === part;
  const staying = new Set(isFirst ? plain : []);
  for (const page of source.pages) {
    if (page.part !== part) continue;
    for (const at of byPage.get(pageKey(page)) ?? []) staying.add(at);
  }
  return staying;
}

/** Builds a tree of the items at these positions, parents first. */
function build(
  source: Source,
  entries: readonly OutlineEntry[],
  positions: Iterable<number>,
  staysAt: (position: number) => boolean,
): OutlineItem[] {
  const top: OutlineItem[] = [];
  const built = new Map<number, OutlineItem>();
  for (const at of positions) {
    const entry = entries[at];
    if (!entry) continue;
    source.spend(0);
    const own = staysAt(at) ? entry.entries : withoutTarget(entry.entries);
    const item = { entries: own, items: [], isOpen: entry.isOpen, source };
    built.set(at, item);
    const above = entry.above === undefined ? undefined : built.get(entry.above);
    (above?.items ?? top).push(item);
  }
  return top;
}

function withoutTarget(entries: PdfDict): PdfDict {
  const left = new PdfDict(entries);
  left.delete('Dest');
  left.delete('A');
  return left;
}
