import type { TargetObjectNumber } from '../syntax/object-numbers.js';
import { PdfDict, PdfString, TargetRef } from '../syntax/objects.js';
import type { PdfArray, PdfObject } from '../syntax/objects.js';
import type { PdfWriter } from './pdf-writer.js';

/** Maximum pairs of a leaf and kids of a node. */
const FAN_OUT = 64;

type Pair = readonly [key: PdfObject, value: PdfObject];

/** Writes a name tree and returns the number of its root. Keys and values are those of the target. */
export function writeNameTree(writer: PdfWriter, entries: ReadonlyMap<string, PdfObject>): TargetObjectNumber {
  const sorted = [...entries].sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
  return writeTree(
    writer,
    'Names',
    sorted.map(([key, value]) => [PdfString.latin1(key), value]),
  );
}

/** Writes a number tree and returns the number of its root. */
export function writeNumberTree(writer: PdfWriter, entries: ReadonlyMap<number, PdfObject>): TargetObjectNumber {
  return writeTree(
    writer,
    'Nums',
    [...entries].sort(([left], [right]) => left - right),
  );
}

interface Written {
  readonly num: TargetObjectNumber;
  readonly first: PdfObject;
  readonly last: PdfObject;
}

/** Writes leaves first, then each level above. The root is the only node without limits. */
function writeTree(writer: PdfWriter, leafKey: 'Names' | 'Nums', pairs: readonly Pair[]): TargetObjectNumber {
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
  return nodes.map(({ num }) => new TargetRef(num));
}

function groups<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / FAN_OUT) }, (_none, nth) =>
    items.slice(nth * FAN_OUT, (nth + 1) * FAN_OUT),
  );
}
