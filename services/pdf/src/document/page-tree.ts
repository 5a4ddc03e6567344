import { PdfError } from '../errors.js';
import { DamagedPdf } from '../file/damaged.js';
import type { PdfFile } from '../file/pdf-file.js';
import { MAX_PAGES, MAX_TREE_NODES } from '../limits.js';
import { PdfDict, PdfRef, isInteger, isName, isOfType } from '../syntax/objects.js';
import type { PdfArray, PdfObject } from '../syntax/objects.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';

/** Attributes that a page inherits from the nodes above it (ISO 32000-2, table 31). */
const INHERITABLE = ['Resources', 'MediaBox', 'CropBox', 'Rotate'] as const;

/** A page in the page tree. */
export interface PageEntry {
  /** The page's object number. Undefined if it is a direct object in its parent. */
  readonly num: SourceObjectNumber | undefined;
  /** The page itself if it is a direct object. */
  readonly direct: PdfDict | undefined;
  /** The inheritable attributes of the nodes above it. */
  readonly inherited: PdfDict;
}

/** All pages in order, and the numbers of the nodes above them. */
export interface PageTree {
  readonly pages: readonly PageEntry[];
  readonly nodes: ReadonlySet<SourceObjectNumber>;
  /** Number of kids that are neither pages nor nodes. */
  readonly lost: number;
  /** Number of pages that the root's /Count announces. */
  readonly announced: number;
}

interface Level {
  readonly num: SourceObjectNumber | undefined;
  readonly kids: PdfArray;
  readonly inherited: PdfDict;
  next: number;
}

/**
 * Reads the page tree (7.7.3) from its leaves, because /Count and /Type may be wrong. Skips a node that is its own
 * ancestor. Throws `corrupt_pdf` for a tree without pages or with too many nodes, and `too_many_pages`.
 */
export function readPageTree(file: PdfFile): PageTree {
  const reader = new PageTreeReader(file);
  reader.read(file.catalog.get('Pages') ?? null);
  if (reader.pages.length === 0) reader.gatherLoose();
  if (reader.pages.length === 0) throw new DamagedPdf('has no pages');
  return reader;
}

/** A page's dictionary with inherited attributes. Empty if the object no longer exists. */
export function pageDict(file: PdfFile, { num, direct, inherited }: PageEntry): PdfDict {
  const own = direct ?? (num === undefined ? null : file.load(num));
  const dict = new PdfDict(own instanceof PdfDict ? own : []);
  for (const [key, value] of inherited) if (file.resolve(dict.get(key)) === null) dict.set(key, value);
  return dict;
}

class PageTreeReader implements PageTree {
  readonly pages: PageEntry[] = [];
  readonly nodes = new Set<SourceObjectNumber>();
  lost = 0;
  announced = 0;
  readonly #file: PdfFile;
  readonly #levels: Level[] = [];
  /** The nodes on the current path. */
  readonly #path = new Set<SourceObjectNumber>();
  #visits = 0;

  constructor(file: PdfFile) {
    this.#file = file;
  }

  read(root: PdfObject): void {
    const node = this.#file.resolve(root);
    const count = node instanceof PdfDict ? this.#file.resolve(node.get('Count')) : null;
    this.announced = isInteger(count) ? count : 0;
    this.#visit(root, new PdfDict());
    for (let level = this.#levels.at(-1); level; level = this.#levels.at(-1)) {
      const kid = level.kids[level.next];
      level.next += 1;
      if (kid !== undefined) this.#visit(kid, level.inherited);
      else this.#leave();
    }
  }

  /** Collects all objects of type Page, for a file whose tree is lost. */
  gatherLoose(): void {
    for (const num of this.#file.numbers()) {
      if (isOfType(this.#file.load(num), 'Page')) this.#add({ num, direct: undefined, inherited: new PdfDict() });
    }
  }

  #visit(kid: PdfObject, inherited: PdfDict): void {
    this.#visits += 1;
    if (this.#visits > MAX_TREE_NODES)
      throw new PdfError('corrupt_pdf', `has a page tree with more than the limit of ${MAX_TREE_NODES} nodes`);
    const num = kid instanceof PdfRef ? kid.num : undefined;
    if (num !== undefined && this.#path.has(num)) return;
    const node = this.#load(kid);
    if (!node) {
      this.lost += 1;
      return;
    }
    const kids = this.#kidsOf(node);
    if (kids && !isName(node.get('Type'), 'Page')) this.#enter(num, node, kids, inherited);
    else if (isPage(node)) this.#add({ num, direct: num === undefined ? node : undefined, inherited });
    else if (!isName(node.get('Type'), 'Pages')) this.lost += 1;
  }

  #load(kid: PdfObject): PdfDict | undefined {
    const node = this.#file.resolve(kid);
    const found = node === null && kid instanceof PdfRef ? this.#file.loadUnlisted(kid.num) : node;
    return found instanceof PdfDict ? found : undefined;
  }

  /** The kids of a node. Some writers omit the array around a single kid. */
  #kidsOf(node: PdfDict): PdfArray | undefined {
    const kids = this.#file.resolve(node.get('Kids'));
    if (kids instanceof PdfDict) return [node.get('Kids') ?? null];
    return Array.isArray(kids) ? kids : undefined;
  }

  #enter(num: SourceObjectNumber | undefined, node: PdfDict, kids: PdfArray, above: PdfDict): void {
    const own = INHERITABLE.flatMap((key) => {
      const value = node.get(key) ?? null;
      return value === null ? [] : [[key, value] as const];
    });
    // A tree may be as deep as it has nodes, so levels without own attributes share what they inherit.
    const inherited = own.length === 0 ? above : new PdfDict([...above, ...own]);
    if (num !== undefined) {
      this.nodes.add(num);
      this.#path.add(num);
    }
    this.#levels.push({ num, kids, inherited, next: 0 });
  }

  #leave(): void {
    const level = this.#levels.pop();
    if (level?.num !== undefined) this.#path.delete(level.num);
  }

  #add(page: PageEntry): void {
    if (this.pages.length >= MAX_PAGES)
      throw new PdfError('too_many_pages', `has more pages than the limit of ${MAX_PAGES}`);
    this.pages.push(page);
  }
}

/**
 * Whether a leaf with a missing or wrong type is a page: it has an entry of a page. A node with type Pages and a /Count
 * is an empty node.
 */
function isPage(node: PdfDict): boolean {
  const type = node.get('Type');
  if (isName(type, 'Page') || node.has('Contents')) return true;
  if (isName(type, 'Pages') && node.has('Count')) return false;
  return ['MediaBox', 'Resources', 'Parent'].some((key) => node.has(key));
}
