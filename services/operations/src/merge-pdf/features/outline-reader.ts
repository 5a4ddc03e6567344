import { MAX_TREE_NODES, PdfDict, PdfRef, isInteger } from '@pdf-tools/pdf';
import type { PdfObject, SourceObjectNumber } from '@pdf-tools/pdf';
import type { Source } from '../source.js';
import { destinationName, explicitDestination, findDestination, goToAction, pageKeyOf } from './destination.js';
import type { DestinationNames } from './destination.js';

/** An item of a document's outline (ISO 32000-2, table 151). */
export interface OutlineEntry {
  /** Its entries without the links to other items. */
  readonly entries: PdfDict;
  /** Whether its nested items are shown. */
  readonly isOpen: boolean;
  /**
   * Key of its target page. Undefined if it has no target in the document (a heading, an address), 0 if the target does
   * not exist.
   */
  readonly page: number | undefined;
  /** Position of its parent. Undefined at the top level. */
  readonly above: number | undefined;
  isLeaf: boolean;
}

/** The outline of a document with its items in reading order. */
export interface DocumentOutline {
  readonly entries: readonly OutlineEntry[];
  /** Positions of the items that lead to a page, by page key. */
  readonly byPage: ReadonlyMap<number, readonly number[]>;
  /** Positions of the items without a target and without nested items. */
  readonly plain: readonly number[];
}

const LINK_KEYS = ['Parent', 'Prev', 'Next', 'First', 'Last', 'Count'];

/** Reads the outline of a source's document (12.3.3). A repeated item ends its list. */
export function readOutline(source: Source, destinations: DestinationNames<PdfObject>): DocumentOutline {
  const root = source.file.catalogEntry('Outlines');
  const entries = root instanceof PdfDict ? readEntries(source, root.get('First'), destinations) : [];
  const byPage = new Map<number, number[]>();
  const plain: number[] = [];
  for (const [at, { page, isLeaf }] of entries.entries()) {
    if (page === undefined) {
      if (isLeaf) plain.push(at);
      continue;
    }
    const positions = byPage.get(page);
    if (positions) positions.push(at);
    else byPage.set(page, [at]);
  }
  return { entries, byPage, plain };
}

function readEntries(
  source: Source,
  first: PdfObject | undefined,
  destinations: DestinationNames<PdfObject>,
): OutlineEntry[] {
  const entries: OutlineEntry[] = [];
  const left: { next: PdfObject | undefined; above: number | undefined }[] = [{ next: first, above: undefined }];
  const seen = new Set<SourceObjectNumber>();
  for (let list = left.pop(); list; list = left.pop()) {
    const { next, above } = list;
    if (!(next instanceof PdfRef) || seen.has(next.num) || seen.size >= MAX_TREE_NODES) continue;
    seen.add(next.num);
    const dict = source.file.resolve(next);
    if (!(dict instanceof PdfDict)) continue;
    const at = entries.push(readEntry(source, dict, above, destinations)) - 1;
    const parent = above === undefined ? undefined : entries[above];
    if (parent) parent.isLeaf = false;
    left.push({ next: dict.get('Next'), above }, { next: dict.get('First'), above: at });
  }
  return entries;
}

function readEntry(
  source: Source,
  dict: PdfDict,
  above: number | undefined,
  destinations: DestinationNames<PdfObject>,
): OutlineEntry {
  const { file } = source;
  const entries = new PdfDict(dict);
  for (const link of LINK_KEYS) entries.delete(link);
  const count = file.resolve(dict.get('Count'));
  const value = file.resolve(dict.get('Dest') ?? goToAction(file, dict)?.get('D'));
  const named = destinationName(value);
  const destination = explicitDestination(file, named ? findDestination(destinations, named)?.value : value);
  const page = destination ? (pageKeyOf(source, destination) ?? 0) : named ? 0 : undefined;
  return { entries, isOpen: isInteger(count) && count > 0, page, above, isLeaf: true };
}
