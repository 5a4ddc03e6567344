import { PdfError } from '../errors.js';
import type { PdfFile } from '../file/pdf-file.js';
import { MAX_TREE_NODES } from '../limits.js';
import { PdfDict, PdfRef, PdfString, WrittenRef, isInteger } from '../syntax/objects.js';
import type { PdfArray, PdfObject } from '../syntax/objects.js';
import type { PdfWriter } from '../writing/pdf-writer.js';

/** Pairs of one leaf, and kids of one node. */
const FAN_OUT = 64;

/** All entries of a name tree (ISO 32000-2, 7.9.6) by key, the key's bytes as Latin-1 text; of equal keys the first. */
export function readNameTree(file: PdfFile, root: PdfObject | undefined): Map<string, PdfObject> {
  const entries = new Map<string, PdfObject>();
  for (const [key, value] of leavesOf(file, root, 'Names')) {
    const name = file.resolve(key);
    if (!(name instanceof PdfString)) continue;
    const text = name.bytes.toString('latin1');
    if (!entries.has(text)) entries.set(text, value);
  }
  return entries;
}

/** All entries of a number tree (7.9.7); of equal keys the first. */
export function readNumberTree(file: PdfFile, root: PdfObject | undefined): Map<number, PdfObject> {
  const entries = new Map<number, PdfObject>();
  for (const [key, value] of leavesOf(file, root, 'Nums')) {
    const number = file.resolve(key);
    if (isInteger(number) && !entries.has(number)) entries.set(number, value);
  }
  return entries;
}

/** Writes a name tree and returns its root's number. Keys and values are those of the result. */
export function writeNameTree(writer: PdfWriter, entries: ReadonlyMap<string, PdfObject>): number {
  const sorted = [...entries].sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
  return writeTree(
    writer,
    'Names',
    sorted.map(([key, value]) => [PdfString.latin1(key), value]),
  );
}

/** Writes a number tree and returns its root's number. */
export function writeNumberTree(writer: PdfWriter, entries: ReadonlyMap<number, PdfObject>): number {
  return writeTree(
    writer,
    'Nums',
    [...entries].sort(([left], [right]) => left - right),
  );
}

type Pair = readonly [key: PdfObject, value: PdfObject];

/** The pairs of all leaves, whatever their limits say. */
function* leavesOf(file: PdfFile, root: PdfObject | undefined, leafKey: 'Names' | 'Nums'): Generator<Pair> {
  for (const node of nodesOf(file, root)) {
    const pairs = file.resolve(node.get(leafKey));
    if (!Array.isArray(pairs)) continue;
    for (let at = 0; at + 1 < pairs.length; at += 2) yield [pairs[at] ?? null, pairs[at + 1] ?? null];
  }
}

/** The nodes of a tree in order. One that was there before is passed over. */
function* nodesOf(file: PdfFile, root: PdfObject | undefined): Generator<PdfDict> {
  const left: PdfObject[] = [root ?? null];
  const seen = new Set<number>();
  for (let next = left.pop(), visits = 0; next !== undefined; next = left.pop(), visits++) {
    if (visits > MAX_TREE_NODES) throw new PdfError('corrupt_pdf', 'has a tree of names that does not end');
    const num = next instanceof PdfRef ? next.num : 0;
    if (seen.has(num)) continue;
    if (num > 0) seen.add(num);
    const node = file.resolve(next);
    if (!(node instanceof PdfDict)) continue;
    yield node;
    const kids = file.resolve(node.get('Kids'));
    if (Array.isArray(kids)) for (const kid of kids.toReversed()) left.push(kid);
  }
}

interface Written {
  readonly num: number;
  readonly first: PdfObject;
  readonly last: PdfObject;
}

/** Leaves first, then level by level up to one root, which alone has no limits. */
function writeTree(writer: PdfWriter, leafKey: 'Names' | 'Nums', pairs: readonly Pair[]): number {
  if (pairs.length <= FAN_OUT) return writer.put(PdfDict.of({ [leafKey]: pairs.flat() }));
  let level = groups(pairs).map((group) => {
    const [first, last] = [group[0]?.[0] ?? null, group.at(-1)?.[0] ?? null];
    return { num: writer.put(PdfDict.of({ Limits: [first, last], [leafKey]: group.flat() })), first, last };
  });
  while (level.length > FAN_OUT) {
    level = groups(level).map((group) => {
      const [first, last] = [group[0]?.first ?? null, group.at(-1)?.last ?? null];
      return { num: writer.put(PdfDict.of({ Limits: [first, last], Kids: references(group) })), first, last };
    });
  }
  return writer.put(PdfDict.of({ Kids: references(level) }));
}

function references(nodes: readonly Written[]): PdfArray {
  return nodes.map(({ num }) => new WrittenRef(num));
}

function groups<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / FAN_OUT) }, (_none, nth) =>
    items.slice(nth * FAN_OUT, (nth + 1) * FAN_OUT),
  );
}
