import { PdfDict, PdfName, TargetRef } from '../syntax/objects.js';
import type { PdfWriter } from './pdf-writer.js';
import type { TargetObjectNumber } from '../syntax/object-numbers.js';

/** Maximum kids of a node. Readers search for a page from the root down. */
const FAN_OUT = 64;

interface Node {
  readonly num: TargetObjectNumber;
  readonly kids: TargetObjectNumber[];
  count: number;
}

/** Builds a balanced page tree (ISO 32000-2, 7.7.3) while pages are written. */
export class PageTreeWriter {
  readonly #writer: PdfWriter;
  readonly #leaves: Node[] = [];
  #pages = 0;

  constructor(writer: PdfWriter) {
    this.#writer = writer;
  }

  get pages(): number {
    return this.#pages;
  }

  /** Appends a page. Returns its /Parent. */
  add(page: TargetObjectNumber): TargetRef {
    let leaf = this.#leaves.at(-1);
    if (!leaf || leaf.kids.length >= FAN_OUT) {
      leaf = this.#node();
      this.#leaves.push(leaf);
    }
    leaf.kids.push(page);
    leaf.count += 1;
    this.#pages += 1;
    return new TargetRef(leaf.num);
  }

  /** Writes the nodes. Returns the number of the root. */
  end(): TargetObjectNumber {
    let level = this.#leaves;
    while (level.length > 1) {
      const above: Node[] = [];
      for (let at = 0; at < level.length; at += FAN_OUT) {
        const parent = this.#node();
        for (const kid of level.slice(at, at + FAN_OUT)) {
          parent.kids.push(kid.num);
          parent.count += kid.count;
          this.#write(kid, parent.num);
        }
        above.push(parent);
      }
      level = above;
    }
    const root = level[0] ?? this.#node();
    this.#write(root, undefined);
    return root.num;
  }

  #node(): Node {
    return { num: this.#writer.allocate(), kids: [], count: 0 };
  }

  #write({ num, kids, count }: Node, parent: TargetObjectNumber | undefined): void {
    const dict = PdfDict.of({
      Type: new PdfName('Pages'),
      Kids: kids.map((kid) => new TargetRef(kid)),
      Count: count,
      Parent: parent === undefined ? undefined : new TargetRef(parent),
    });
    this.#writer.put(dict, num);
  }
}
