import { PdfDict } from '../syntax/objects.js';
import { NO_OBJECT } from '../syntax/object-numbers.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';
import type { DocumentObjects } from './document-objects.js';
import type { ObjectGraph } from './object-graph.js';
import { Use } from './object-users.js';
import type { ObjectUsers } from './object-users.js';

/** Object streams are for at least this many objects. For fewer, they take more bytes than they save. */
const MIN_PACKED = 3;
/** A reader decodes a whole object stream to read one object. */
const MAX_PACKED = 100;

/** The objects of a document by the parts of a linearized file (ISO 32000-2, F.3), in the order of the file. */
export interface Partition {
  /** Part 4: the catalog and the objects needed to open the document. */
  readonly open: readonly SourceObjectNumber[];
  /** Part 6: the first page, with the page object first. */
  readonly firstPage: readonly SourceObjectNumber[];
  /** Part 7: the objects that only one page uses, of each page after the first. The page object is first. */
  readonly otherPages: readonly (readonly SourceObjectNumber[])[];
  /** Part 8: the objects that several pages but not the first one use. */
  readonly shared: readonly SourceObjectNumber[];
  /** Part 9. */
  readonly other: readonly SourceObjectNumber[];
  /** The outline dictionary and the other outline objects. Their part has them one after another. */
  readonly outlines: readonly SourceObjectNumber[];
  /** The indexes of the shared objects that each page uses. They count `firstPage`, then `shared`. */
  readonly sharedOf: readonly (readonly number[])[];
  /** The objects in each object stream. */
  readonly packed: ReadonlyMap<SourceObjectNumber, readonly SourceObjectNumber[]>;
}

/** Divides the objects of a document into the parts of a linearized file, as qpdf does when it checks one. */
export function partition(objects: DocumentObjects, graph: ObjectGraph, users: ObjectUsers): Partition {
  return new Partitioner(objects, graph, users).divide();
}

class Partitioner {
  readonly #objects: DocumentObjects;
  readonly #graph: ObjectGraph;
  readonly #users: ObjectUsers;
  readonly #packed = new Map<SourceObjectNumber, readonly SourceObjectNumber[]>();
  /** The object stream of each object in one. */
  readonly #containers = new Map<SourceObjectNumber, SourceObjectNumber>();

  constructor(objects: DocumentObjects, graph: ObjectGraph, users: ObjectUsers) {
    this.#objects = objects;
    this.#graph = graph;
    this.#users = users;
  }

  divide(): Partition {
    const { root, pages } = this.#objects;
    const groups = this.#groups();
    const outlines = this.#outlinesFirst(groups.outlines);
    const { outlinesAreOpen } = this.#users;
    const [first = NO_OBJECT] = pages;
    const open = [root, ...this.#pack(groups.open)];
    const firstPage = [
      first,
      ...this.#pack(groups.firstPrivate.filter((num) => num !== first)),
      ...this.#pack(groups.firstShared),
      ...(outlinesAreOpen ? outlines : []),
    ];
    const shared = this.#pack(groups.shared);
    const { otherPages, sharedOf } = this.#dividePages([...firstPage, ...shared]);
    const other = [
      ...this.#pack(groups.thumbnails),
      ...(outlinesAreOpen ? [] : outlines),
      // Objects that a page uses too stay outside, because an object stream has the users of all objects in it.
      ...groups.otherUsed,
      ...this.#pack(groups.other),
    ];
    return { open, firstPage, otherPages, shared, other, outlines, sharedOf, packed: this.#packed };
  }

  #groups(): Record<Group, SourceObjectNumber[]> {
    const groups: Record<Group, SourceObjectNumber[]> = {
      ...{ root: [], outlines: [], open: [], firstPrivate: [], firstShared: [], otherPrivate: [], shared: [] },
      ...{ thumbnails: [], otherUsed: [], other: [] },
    };
    for (const [num, uses] of this.#users.uses) groups[groupOf(uses)].push(num);
    return groups;
  }

  /** Divides the objects of each page into those that only it uses and those that it shares. */
  #dividePages(all: readonly SourceObjectNumber[]): Pick<Partition, 'otherPages' | 'sharedOf'> {
    const indexes = new Map(all.map((num, index) => [num, index]));
    const otherPages: SourceObjectNumber[][] = [];
    const sharedOf: number[][] = [];
    for (const [page, own] of this.#objects.pages.entries()) {
      if (page === 0) continue;
      const privately: SourceObjectNumber[] = [];
      const used = new Set<number>();
      this.#users.visitPage(page, (num) => {
        const index = indexes.get(this.#containers.get(num) ?? num);
        if (index !== undefined) used.add(index);
        else if (num !== own && groupOf(this.#users.uses.get(num) ?? 0) === 'otherPrivate') privately.push(num);
      });
      otherPages.push([own, ...this.#pack(privately)]);
      sharedOf.push([...used].sort((left, right) => left - right));
    }
    return { otherPages, sharedOf };
  }

  #outlinesFirst(nums: readonly SourceObjectNumber[]): SourceObjectNumber[] {
    const catalog = this.#objects.load(this.#objects.root);
    const [first] = catalog instanceof PdfDict ? this.#graph.referencesOf(catalog.get('Outlines') ?? null) : [];
    return first === undefined ? [...nums] : [first, ...nums.filter((num) => num !== first)];
  }

  /** Puts all objects except streams into object streams (7.5.7), which come after the streams. */
  #pack(nums: readonly SourceObjectNumber[]): SourceObjectNumber[] {
    const streams = nums.filter((num) => this.#graph.node(num)?.isStream === true);
    const others = nums.filter((num) => this.#graph.node(num)?.isStream !== true);
    if (others.length < MIN_PACKED) return [...nums];
    const containers: SourceObjectNumber[] = [];
    for (let at = 0; at < others.length; at += MAX_PACKED) {
      const container = this.#objects.allocate();
      const members = others.slice(at, at + MAX_PACKED);
      for (const num of members) this.#containers.set(num, container);
      this.#packed.set(container, members);
      containers.push(container);
    }
    return [...streams, ...containers];
  }
}

type Group =
  | 'root'
  | 'outlines'
  | 'open'
  | 'firstPrivate'
  | 'firstShared'
  | 'otherPrivate'
  | 'shared'
  | 'thumbnails'
  | 'otherUsed'
  | 'other';

function groupOf(uses: number): Group {
  const has = (use: number): boolean => (uses & use) !== 0;
  if (has(Use.Catalog)) return 'root';
  if (has(Use.Outlines)) return 'outlines';
  if (has(Use.Open)) return 'open';
  if (has(Use.FirstPage)) return uses === Use.FirstPage ? 'firstPrivate' : 'firstShared';
  if (uses === Use.OtherPage) return 'otherPrivate';
  if (has(Use.OtherPages)) return 'shared';
  if (has(Use.OtherPage)) return 'otherUsed';
  return has(Use.Thumbnail) ? 'thumbnails' : 'other';
}
