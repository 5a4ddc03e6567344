import { NO_OBJECT, PdfDict } from '@pdf-tools/pdf';
import type { PdfArray, PdfObject, SourceObjectNumber } from '@pdf-tools/pdf';
import type { Source } from '../source.js';
import { StructureNode } from './structure-index.js';
import type { StructureContent, StructureIndex } from './structure-index.js';

/** A set with a size and a membership test, but without a list. */
export interface Members<T> {
  readonly size: number;
  has(member: T): boolean;
}

/** The remaining structure tree of an incomplete source. */
export interface PrunedTree {
  /** The kids of its root. */
  readonly kids: PdfArray;
  /** Numbers of kept and of dropped elements. */
  readonly kept: ReadonlySet<SourceObjectNumber>;
  readonly dropped: Members<SourceObjectNumber>;
  /** Identifiers of dropped elements, as Latin-1 text. */
  readonly droppedIds: Members<string>;
}

/**
 * Removes content on pages that are not taken from a source's structure tree (ISO 32000-2, 14.7.2), and elements
 * without other content. An empty element is kept with its parent. The work is proportional to the kept elements and
 * their kids.
 */
export function pruneTree(
  source: Source,
  index: StructureIndex,
  annotations: readonly SourceObjectNumber[],
): PrunedTree {
  return new Pruning(source, index).run(annotations);
}

class Pruning {
  readonly #source: Source;
  readonly #index: StructureIndex;
  readonly #pages: ReadonlySet<SourceObjectNumber>;
  readonly #taken = new Set<StructureContent>();
  readonly #kept = new Set<SourceObjectNumber>();
  readonly #keptIds = new Set<string>();
  /** Elements with kept content, and their ancestors. */
  readonly #nodes: StructureNode[] = [];
  readonly #remaining = new Map<StructureNode, PdfObject>();
  readonly #run: number;

  constructor(source: Source, index: StructureIndex) {
    this.#source = source;
    this.#index = index;
    index.prunings += 1;
    this.#run = index.prunings;
    this.#pages = new Set(source.pages.flatMap(({ entry }) => entry.num ?? []));
  }

  run(annotations: readonly SourceObjectNumber[]): PrunedTree {
    const { root, byPage, byObject, numbers, ids } = this.#index;
    for (const page of this.#pages) this.#take(byPage.get(page));
    for (const annotation of annotations) this.#take(byObject.get(annotation));
    // The deepest elements come first, because a parent's /K contains its kids' new values.
    for (const node of this.#nodes.sort((left, right) => right.depth - left.depth))
      if (node !== root) this.#leave(node);
    const kids = root.keptBy === this.#run ? this.#kidsLeft(root).kids : [];
    const [kept, keptIds] = [this.#kept, this.#keptIds];
    return {
      kids,
      kept,
      dropped: { size: numbers.size - kept.size, has: (num) => numbers.has(num) && !kept.has(num) },
      droppedIds: { size: ids.size - keptIds.size, has: (id) => ids.has(id) && !keptIds.has(id) },
    };
  }

  #take(contents: readonly StructureContent[] = []): void {
    for (const content of contents) {
      this.#taken.add(content);
      let node: StructureNode | undefined = content.node;
      while (node && node.keptBy !== this.#run) {
        node.keptBy = this.#run;
        this.#nodes.push(node);
        this.#keep(node);
        node = node.above;
      }
    }
  }

  #keep({ num, id }: StructureNode): void {
    if (num !== undefined) this.#kept.add(num);
    if (id !== undefined) this.#keptIds.add(id);
  }

  /** Determines how a kept element is copied. Its kids come before it. */
  #leave(node: StructureNode): void {
    this.#remaining.set(node, this.#remains(node));
  }

  /** The value of a kept element in its parent's /K. */
  #remains(node: StructureNode): PdfObject {
    const { kids, isChanged } = this.#kidsLeft(node);
    const strayed = node.ownPage !== undefined && !this.#pages.has(node.ownPage);
    if (!isChanged && !strayed) return node.kid;
    const changed = new PdfDict(this.#entriesOf(node));
    if (strayed) changed.delete('Pg');
    if (kids.length > 0) changed.set('K', kids);
    if (node.num === undefined) return changed;
    this.#source.copier.override(node.num, changed);
    return node.kid;
  }

  #entriesOf(node: StructureNode): PdfDict {
    if (node.entries) return node.entries;
    const dict = node.direct ?? this.#source.file.load(node.num ?? NO_OBJECT);
    node.entries = new PdfDict(dict instanceof PdfDict ? dict : []);
    node.entries.delete('K');
    return node.entries;
  }

  #kidsLeft(node: StructureNode): { kids: PdfArray; isChanged: boolean } {
    const kids: PdfArray = [];
    let isChanged = node.hasStrays;
    for (const kid of node.kids) {
      const left = kid instanceof StructureNode ? this.#nodeLeft(kid) : this.#contentLeft(kid);
      if (left !== kid.kid) isChanged = true;
      if (left !== undefined) kids.push(left);
    }
    return { kids, isChanged };
  }

  #contentLeft(content: StructureContent): PdfObject | undefined {
    if (!this.#taken.has(content)) return undefined;
    const { kid, named, page } = content;
    if (!named || (page !== undefined && this.#pages.has(page))) return kid;
    const rest = new PdfDict(named);
    rest.delete('Pg');
    return rest;
  }

  #nodeLeft(node: StructureNode): PdfObject | undefined {
    if (node.isEmpty && node.keptBy !== this.#run) this.#leaveEmpty(node);
    return node.keptBy === this.#run ? this.#remaining.get(node) : undefined;
  }

  /** Keeps an element without content and everything below it, unless some of it is on a page that is not taken. */
  #leaveEmpty(top: StructureNode): void {
    if (![...top.pages].every((page) => this.#pages.has(page))) return;
    const below: StructureNode[] = [];
    const left = [top];
    for (let node = left.pop(); node; node = left.pop()) {
      below.push(node);
      for (const kid of node.kids) if (kid instanceof StructureNode) left.push(kid);
    }
    for (const node of below.reverse()) {
      node.keptBy = this.#run;
      this.#keep(node);
      this.#leave(node);
    }
  }
}
