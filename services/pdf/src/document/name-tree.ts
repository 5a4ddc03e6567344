import { PdfError } from '../errors.js';
import type { PdfFile } from '../file/pdf-file.js';
import { MAX_TREE_NODES } from '../limits.js';
import { NO_OBJECT } from '../syntax/object-numbers.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';
import { PdfDict, PdfRef, PdfString, isInteger } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';

/** Reads a name tree (ISO 32000-2, 7.9.6). Keys are bytes as Latin-1 text. The first of equal keys is used. */
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

/** Reads a number tree (7.9.7). The first of equal keys is used. */
export function readNumberTree(file: PdfFile, root: PdfObject | undefined): Map<number, PdfObject> {
  const entries = new Map<number, PdfObject>();
  for (const [key, value] of leavesOf(file, root, 'Nums')) {
    const number = file.resolve(key);
    if (isInteger(number) && !entries.has(number)) entries.set(number, value);
  }
  return entries;
}

type Pair = readonly [key: PdfObject, value: PdfObject];

/** The pairs of all leaves, regardless of /Limits. */
function* leavesOf(file: PdfFile, root: PdfObject | undefined, leafKey: 'Names' | 'Nums'): Generator<Pair> {
  for (const node of nodesOf(file, root)) {
    const pairs = file.resolve(node.get(leafKey));
    if (!Array.isArray(pairs)) continue;
    for (let at = 0; at + 1 < pairs.length; at += 2) yield [pairs[at] ?? null, pairs[at + 1] ?? null];
  }
}

/** The nodes of a tree in order. Skips nodes that were visited before. */
function* nodesOf(file: PdfFile, root: PdfObject | undefined): Generator<PdfDict> {
  const left: PdfObject[] = [root ?? null];
  const seen = new Set<SourceObjectNumber>();
  for (let next = left.pop(), visits = 0; next !== undefined; next = left.pop(), visits++) {
    if (visits > MAX_TREE_NODES)
      throw new PdfError('corrupt_pdf', `has a name tree with more than the limit of ${MAX_TREE_NODES} nodes`);
    const num = next instanceof PdfRef ? next.num : NO_OBJECT;
    if (seen.has(num)) continue;
    if (num !== NO_OBJECT) seen.add(num);
    const node = file.resolve(next);
    if (!(node instanceof PdfDict)) continue;
    yield node;
    const kids = file.resolve(node.get('Kids'));
    if (Array.isArray(kids)) for (const kid of kids.toReversed()) left.push(kid);
  }
}
