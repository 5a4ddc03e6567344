import { NULL_TARGET, PdfDict, PdfName, TargetRef } from '@pdf-tools/pdf';
import type { PdfWriter, TargetObjectNumber } from '@pdf-tools/pdf';
import type { OutlineItem } from './outline-items.js';

/** Writes an outline (ISO 32000-2, tables 150 and 151) and returns its number. */
export function writeOutline(writer: PdfWriter, items: readonly OutlineItem[]): TargetObjectNumber {
  const root = writer.allocate();
  const shown = countShown(items);
  const dict = PdfDict.of({ Type: new PdfName('Outlines') });
  const lists: List[] = [{ parent: root, numbers: numbersOf(writer, items), items }];
  link(dict, lists[0], sum(items, shown));
  writer.put(dict, root);
  for (let list = lists.pop(); list; list = lists.pop()) {
    for (const [at, item] of list.items.entries()) {
      const below: List = {
        parent: list.numbers[at] ?? NULL_TARGET,
        numbers: numbersOf(writer, item.items),
        items: item.items,
      };
      const count = item.isOpen ? sum(item.items, shown) : -item.items.length;
      writeItem(writer, item, list, at, (entries) => {
        link(entries, below, count);
      });
      if (item.items.length > 0) lists.push(below);
    }
  }
  return root;
}

/** The number of visible lines of each item, which is one, plus those of its items if it is open. */
function countShown(items: readonly OutlineItem[]): Map<OutlineItem, number> {
  const all: OutlineItem[] = [];
  const left = [items];
  for (let list = left.pop(); list; list = left.pop()) {
    for (const item of list) {
      all.push(item);
      left.push(item.items);
    }
  }
  const shown = new Map<OutlineItem, number>();
  for (const item of all.reverse()) shown.set(item, 1 + (item.isOpen ? sum(item.items, shown) : 0));
  return shown;
}

function sum(items: readonly OutlineItem[], shown: ReadonlyMap<OutlineItem, number>): number {
  return items.reduce((total, item) => total + (shown.get(item) ?? 0), 0);
}

/** Sibling items and their numbers. */
interface List {
  readonly parent: TargetObjectNumber;
  readonly numbers: readonly TargetObjectNumber[];
  readonly items: readonly OutlineItem[];
}

function numbersOf(writer: PdfWriter, items: readonly OutlineItem[]): TargetObjectNumber[] {
  return items.map(() => writer.allocate());
}

function writeItem(
  writer: PdfWriter,
  { entries: own, source }: OutlineItem,
  { parent, numbers }: List,
  at: number,
  linkBelow: (entries: PdfDict) => void,
): void {
  const entries = new PdfDict(own);
  entries.set('Parent', new TargetRef(parent));
  const [before, after, num] = [numbers[at - 1], numbers[at + 1], numbers[at]];
  if (before !== undefined) entries.set('Prev', new TargetRef(before));
  if (after !== undefined) entries.set('Next', new TargetRef(after));
  linkBelow(entries);
  if (num === undefined) return;
  if (source) source.copier.write(entries, num);
  else writer.put(entries, num);
}

/** The number of visible descendants (12.3.3). Negative if they become visible when the item is opened. */
function link(entries: PdfDict, list: List | undefined, count: number): void {
  const [first, last] = [list?.numbers[0], list?.numbers.at(-1)];
  if (first === undefined || last === undefined) return;
  entries.set('First', new TargetRef(first));
  entries.set('Last', new TargetRef(last));
  entries.set('Count', count);
}
