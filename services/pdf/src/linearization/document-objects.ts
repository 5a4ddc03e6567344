import { DamagedPdf } from '../file/damaged.js';
import type { PdfFile } from '../file/pdf-file.js';
import { pageDict, readPageTree } from '../document/page-tree.js';
import type { PageTree } from '../document/page-tree.js';
import { PdfDict, PdfName, PdfRef, isOfType } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import { sourceNumber } from '../syntax/object-numbers.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';

const INHERITABLE = ['Resources', 'MediaBox', 'CropBox', 'Rotate'];
/** Maximum length of a chain of references. */
const MAX_HOPS = 32;

/**
 * The objects of a document in the form that linearization requires (ISO 32000-2, F.3). Pages and the outline
 * dictionary are indirect objects, pages inherit no attributes, and no page is in the tree twice.
 */
export class DocumentObjects {
  readonly root: SourceObjectNumber;
  /** The page objects in order. */
  readonly pages: readonly SourceObjectNumber[];
  readonly #file: PdfFile;
  readonly #changed = new Map<SourceObjectNumber, PdfObject>();
  readonly #shared = new Map<PdfObject, PdfRef>();
  #last = 0;

  /** Throws `corrupt_pdf` for a document without a catalog or pages. */
  constructor(file: PdfFile) {
    this.#file = file;
    for (const num of file.numbers()) this.#last = Math.max(this.#last, num);
    const root = file.trailer.get('Root');
    if (!(root instanceof PdfRef)) throw new DamagedPdf('cannot be read: it has no document catalog');
    this.root = this.follow(root.num);
    const tree = readPageTree(file);
    this.pages = isRegular(file, tree) ? this.#keepTree(tree) : this.#rebuildTree(tree);
    const outlines = this.#catalog().get('Outlines') ?? null;
    if (outlines !== null && !(outlines instanceof PdfRef))
      this.#changed.set(this.root, this.#catalog().set('Outlines', this.#indirect(outlines)));
  }

  /** Returns the value of an object, or null if it does not exist. */
  load(num: SourceObjectNumber): PdfObject {
    return this.#changed.get(num) ?? this.#file.load(num);
  }

  /** Follows objects that are references to others. Returns the number of the last one. */
  follow(num: SourceObjectNumber): SourceObjectNumber {
    let last = num;
    for (let hops = 0; hops < MAX_HOPS; hops++) {
      const value = this.load(last);
      if (!(value instanceof PdfRef)) break;
      last = value.num;
    }
    return last;
  }

  /** Resolves references. */
  resolve(value: PdfObject | undefined): PdfObject {
    return value instanceof PdfRef ? this.load(this.follow(value.num)) : (value ?? null);
  }

  /** Allocates a number for an object that the file does not have. */
  allocate(): SourceObjectNumber {
    this.#last += 1;
    return sourceNumber(this.#last);
  }

  #catalog(): PdfDict {
    const catalog = this.load(this.root);
    return new PdfDict(catalog instanceof PdfDict ? catalog : []);
  }

  #indirect(value: PdfObject): PdfRef {
    const num = this.allocate();
    this.#changed.set(num, value);
    return new PdfRef(num, 0);
  }

  #keepTree({ pages, nodes }: PageTree): SourceObjectNumber[] {
    for (const num of nodes) this.#replaceInherited(num);
    return pages.flatMap((page) => {
      if (page.num === undefined) return [];
      if (page.inherited.size > 0) this.#changed.set(page.num, this.#ownAttributes(pageDict(this.#file, page), page));
      return [page.num];
    });
  }

  #replaceInherited(num: SourceObjectNumber): void {
    const node = this.load(num);
    if (!(node instanceof PdfDict) || !INHERITABLE.some((key) => node.has(key))) return;
    const changed = new PdfDict(node);
    for (const key of INHERITABLE) changed.delete(key);
    this.#changed.set(num, changed);
  }

  /** Makes an inherited dictionary an object that all heirs share. */
  #ownAttributes(dict: PdfDict, { inherited }: PageTree['pages'][number]): PdfDict {
    for (const [key, value] of inherited) {
      if (!(value instanceof PdfDict) || dict.get(key) !== value) continue;
      const shared = this.#shared.get(value) ?? this.#indirect(value);
      this.#shared.set(value, shared);
      dict.set(key, shared);
    }
    return dict;
  }

  /** Builds a flat page tree. */
  #rebuildTree({ pages }: PageTree): SourceObjectNumber[] {
    const node = this.allocate();
    const seen = new Set<SourceObjectNumber>();
    const numbers = pages.map((page) => {
      const num = page.num === undefined || seen.has(page.num) ? this.allocate() : page.num;
      seen.add(num);
      const dict = this.#ownAttributes(pageDict(this.#file, page), page);
      this.#changed.set(num, dict.set('Type', new PdfName('Page')).set('Parent', new PdfRef(node, 0)));
      return num;
    });
    const kids = numbers.map((num) => new PdfRef(num, 0));
    this.#changed.set(node, PdfDict.of({ Type: new PdfName('Pages'), Kids: kids, Count: kids.length }));
    this.#changed.set(this.root, this.#catalog().set('Pages', new PdfRef(node, 0)));
    return numbers;
  }
}

/** Whether all pages and nodes are indirect, of the right type and in the tree once. */
function isRegular(file: PdfFile, { pages, nodes, lost }: PageTree): boolean {
  if (lost > 0 || !(file.catalog.get('Pages') instanceof PdfRef)) return false;
  const numbers = new Set(pages.map(({ num }) => num));
  if (numbers.size < pages.length || numbers.has(undefined)) return false;
  for (const num of numbers) if (num !== undefined && !isOfType(file.load(num), 'Page')) return false;
  // A page or node that several nodes list makes more kids than there are pages and nodes below the root.
  let kids = 0;
  for (const num of nodes) kids += countKids(file, num);
  return kids === pages.length + nodes.size - 1;
}

/** The number of kids of a node. `NaN` if it is malformed. */
function countKids(file: PdfFile, num: SourceObjectNumber): number {
  const node = file.load(num);
  const kids = isOfType(node, 'Pages') ? file.resolve(node.get('Kids')) : null;
  return Array.isArray(kids) && kids.every((kid) => kid instanceof PdfRef) ? kids.length : Number.NaN;
}
