import { describe, expect, it } from '@jest/globals';
import { openBytes, writtenBytes } from '@pdf-tools/harness/documents/pdf-folder';
import { ONE_PAGE, pdfText } from '@pdf-tools/harness/documents/pdf-text';
import { SeededRandom } from '@pdf-tools/harness/documents/random';
import { sourceRef } from '@pdf-tools/harness/documents/references';
import type { PdfFile } from '../file/pdf-file.js';
import { PdfDict, PdfName, PdfString, TargetRef } from '../syntax/objects.js';
import type { PdfObject, PdfRef } from '../syntax/objects.js';
import { PdfWriter } from './pdf-writer.js';
import { readNameTree, readNumberTree } from '../document/name-tree.js';
import { writeNameTree, writeNumberTree } from './name-tree-writer.js';
import { targetNumber } from '../syntax/object-numbers.js';

const ROOT = sourceRef(4);
/** A file with these objects from number 4 on. */
const open = (...bodies: string[]): PdfFile => openBytes(pdfText([...ONE_PAGE, ...bodies]).bytes);
const namesOf = (...bodies: string[]): Record<string, PdfObject> =>
  Object.fromEntries(readNameTree(open(...bodies), ROOT));

/** The file that a tree was written to, and the root of the tree. */
function written(write: (writer: PdfWriter) => number): { file: PdfFile; root: PdfRef } {
  let root = 0;
  const bytes = writtenBytes((path) => {
    const writer = new PdfWriter(path);
    root = write(writer);
    writer.end(
      writer.put(PdfDict.of({ Type: new PdfName('Catalog'), Pages: new TargetRef(targetNumber(root)) })),
      undefined,
    );
  });
  return { file: openBytes(bytes), root: sourceRef(root) };
}

describe('readNameTree', () => {
  it.each([
    ['a root that is a leaf', ['<</Names[(a)1(b)2]>>'], { a: 1, b: 2 }],
    [
      'kids, of equal keys the first',
      ['<</Kids[5 0 R 6 0 R]>>', '<</Names[(a)1]>>', '<</Names[(b)2(a)3]>>'],
      { a: 1, b: 2 },
    ],
    ['limits that lie', ['<</Kids[5 0 R]>>', '<</Limits[(x)(y)]/Names[(a)1]>>'], { a: 1 }],
    ['names and kids in one node', ['<</Names[(a)1]/Kids[<</Names[(b)2]>>]>>'], { a: 1, b: 2 }],
    ['arrays and keys in objects of their own', ['<</Names 5 0 R>>', '[6 0 R 1]', '(a)'], { a: 1 }],
    ['keys of bytes', ['<</Names[<00ff>1]>>'], { '\0\xff': 1 }],
    ['keys of another type, and one without a value', ['<</Names[1 2/N 3(a)4(b)]>>'], { a: 4 }],
    [
      'a node that is its own kid',
      ['<</Names[(a)1]/Kids[4 0 R 5 0 R]>>', '<</Names[(b)2]/Kids[4 0 R]>>'],
      { a: 1, b: 2 },
    ],
    ['kids that are none', ['<</Kids[null 7 99 0 R <</Names[(a)1]>>]>>'], { a: 1 }],
    ['no dictionary', ['[1]'], {}],
  ])('reads a tree with %s', (_, bodies, expected) => {
    expect(namesOf(...bodies)).toEqual(expected);
  });

  it('keeps the order of kids and returns nothing for undefined', () => {
    const bodies = ['<</Kids[6 0 R 5 0 R]>>', '<</Names[(a)1]>>', '<</Kids[<</Names[(c)1]>><</Names[(b)1]>>]>>'];
    expect(Object.keys(namesOf(...bodies))).toEqual(['c', 'b', 'a']);
    expect(readNameTree(open(), undefined).size).toBe(0);
  });

  it('reads a chain of nodes of any depth', () => {
    const chain = Array.from({ length: 20_000 }, (_none, at) => `<</Kids[${at + 5} 0 R]>>`);
    expect(namesOf(...chain, '<</Names[(a)1]>>')).toEqual({ a: 1 });
  });

  it('refuses more nodes than the limit', () => {
    const kids = `<</Kids[${'<<>>'.repeat(500_001)}]>>`;
    expect(() => namesOf(kids)).toThrow(expect.objectContaining({ code: 'corrupt_pdf' }));
  });
});

describe('readNumberTree', () => {
  it('reads integer keys and uses the first of equal ones', () => {
    const file = open('<</Kids[5 0 R]>>', '<</Nums[0 (a) 7 (b) 7 (c) 1.5 (d) (8) (e) -1 (f)]>>');
    const entries = [...readNumberTree(file, ROOT)].map(([key, value]) => [key, value instanceof PdfString]);
    expect(entries).toEqual([
      [0, true],
      [7, true],
      [-1, true],
    ]);
  });
});

describe('written trees', () => {
  it.each([0, 1, 64, 65, 4096, 4097, 9000])('read back in order with %d entries', (count) => {
    const random = new SeededRandom(count);
    const names = new Map<string, PdfObject>();
    while (names.size < count) names.set(random.bytes(1 + random.below(6)).toString('latin1'), names.size);
    const { file, root } = written((writer) => writeNameTree(writer, names));
    const read = readNameTree(file, root);
    const bytewise = [...names.keys()].sort((a, b) =>
      Buffer.compare(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1')),
    );
    expect([...read.keys()]).toEqual(bytewise);
    for (const [key, value] of names) expect(read.get(key)).toBe(value);
    const numbers = new Map([...names.keys()].map((_, nth) => [count - nth * 3, nth]));
    const tree = written((writer) => writeNumberTree(writer, numbers));
    expect([...readNumberTree(tree.file, tree.root).keys()]).toEqual([...numbers.keys()].reverse());
  });

  it('have limits in each node except the root', () => {
    const names = new Map(Array.from({ length: 5000 }, (_none, nth) => [String(nth).padStart(5, '0'), nth]));
    const { file, root } = written((writer) => writeNameTree(writer, names));
    const check = (ref: PdfObject, isRoot: boolean): string[] => {
      const node = file.resolve(ref);
      if (!(node instanceof PdfDict)) throw new TypeError('no node');
      expect(node.has('Limits')).toBe(!isRoot);
      const [kids, pairs] = [node.get('Kids'), node.get('Names')];
      const own = Array.isArray(pairs) ? pairs : [];
      const below = Array.isArray(kids) ? kids.flatMap((kid) => check(kid, false)) : [];
      expect(Array.isArray(kids) ? kids.length : own.length / 2).toBeLessThanOrEqual(64);
      const keys = [
        ...own.flatMap((key) => (key instanceof PdfString ? [key.bytes.toString('latin1')] : [])),
        ...below,
      ];
      const limits = node.get('Limits');
      if (Array.isArray(limits)) {
        const texts = limits.map((limit) => (limit instanceof PdfString ? limit.bytes.toString('latin1') : ''));
        expect(texts).toEqual([keys[0], keys.at(-1)]);
      }
      return keys;
    };
    expect(check(root, true)).toEqual([...names.keys()]);
  });
});
