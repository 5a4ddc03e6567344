import { MAX_TREE_NODES } from '../../pdf/limits.js';
import { PdfDict, PdfRef, isInteger } from '../../pdf/syntax/objects.js';
import type { PdfObject } from '../../pdf/syntax/objects.js';
import type { PlacedPage, Source } from '../source.js';
import {
  destinationName,
  explicitDestination,
  findDestination,
  goToAction,
  pageOfDestination,
  readDestinationNames,
} from './destination.js';
import type { DestinationNames } from './destination.js';

/** An item of an outline (ISO 32000-2, table 151) that is going to be one of the result. */
export interface OutlineItem {
  /** Its entries but for those that tie it to its neighbours. */
  readonly entries: PdfDict;
  readonly items: OutlineItem[];
  /** Its items are shown. */
  readonly isOpen: boolean;
  /** Where it leads: a page that is taken, none (a heading, an address), or a page that is not taken. */
  readonly target: PlacedPage | undefined | 'lost';
  /** Whose objects its entries refer to; undefined for the result's. */
  readonly source: Source | undefined;
}

const TIES = ['Parent', 'Prev', 'Next', 'First', 'Last', 'Count'];

/**
 * Reads a source's outline (12.3.3). Items that lead to pages which are not taken go, unless others hang below them: then
 * they lead nowhere. An item that was there before ends its list.
 */
export function readOutline(source: Source): OutlineItem[] {
  const names = readDestinationNames(source.file);
  const root = source.file.catalogEntry('Outlines');
  const items: OutlineItem[] = [];
  if (!(root instanceof PdfDict)) return items;
  const left: { next: PdfObject | undefined; into: OutlineItem[] }[] = [{ next: root.get('First'), into: items }];
  const seen = new Set<number>();
  for (let list = left.pop(); list; list = left.pop()) {
    const { next, into } = list;
    if (!(next instanceof PdfRef) || seen.has(next.num) || seen.size >= MAX_TREE_NODES) continue;
    seen.add(next.num);
    const dict = source.file.resolve(next);
    if (!(dict instanceof PdfDict)) continue;
    const item = readItem(source, dict, names);
    into.push(item);
    left.push({ next: dict.get('Next'), into }, { next: dict.get('First'), into: item.items });
  }
  return items;
}

/** The items that a part of the pages keeps, those of its own headings among them. */
export function pruned(items: readonly OutlineItem[], isKept: (target: PlacedPage) => boolean): OutlineItem[] {
  const result: OutlineItem[] = [];
  // Parents before their items, so that from the back each item's own are decided before it.
  const all: { readonly item: OutlineItem; readonly into: OutlineItem[]; readonly copy: OutlineItem }[] = [];
  const left: { readonly from: readonly OutlineItem[]; readonly into: OutlineItem[] }[] = [
    { from: items, into: result },
  ];
  for (let list = left.pop(); list; list = left.pop()) {
    for (const item of list.from) {
      const copy = { ...item, items: [] };
      all.push({ item, into: list.into, copy });
      left.push({ from: item.items, into: copy.items });
    }
  }
  for (const { item, into, copy } of all.reverse()) {
    const { target } = item;
    const stays = target === undefined ? item.items.length === 0 : target !== 'lost' && isKept(target);
    if (stays) into.unshift(copy);
    else if (copy.items.length > 0) into.unshift({ ...copy, entries: withoutTarget(copy.entries), target: undefined });
  }
  return result;
}

function withoutTarget(entries: PdfDict): PdfDict {
  const left = new PdfDict(entries);
  left.delete('Dest');
  left.delete('A');
  return left;
}

function readItem(source: Source, dict: PdfDict, names: DestinationNames<PdfObject>): OutlineItem {
  const { file } = source;
  const entries = new PdfDict(dict);
  for (const tie of TIES) entries.delete(tie);
  const count = file.resolve(dict.get('Count'));
  const value = file.resolve(dict.get('Dest') ?? goToAction(file, dict)?.get('D'));
  const named = destinationName(value);
  const destination = explicitDestination(file, named ? findDestination(names, named)?.value : value);
  const target = destination ? (pageOfDestination(source, destination) ?? 'lost') : named ? 'lost' : undefined;
  return { entries, items: [], isOpen: isInteger(count) && count > 0, target, source };
}
