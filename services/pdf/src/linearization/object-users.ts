import { FILE_ENTRIES } from '../copying/reachable.js';
import { PdfDict, isName } from '../syntax/objects.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';
import type { DocumentObjects } from './document-objects.js';
import type { ObjectGraph } from './object-graph.js';
import { LinearizationLimit } from './linearization-limit.js';

/** Which parts of a document refer to an object, as bits. */
export const Use = {
  Catalog: 1,
  Outlines: 2,
  /** Needed to open the document (F.3.5). */
  Open: 4,
  FirstPage: 8,
  /** The bits after these two say that several pages or thumbnails use the object. */
  OtherPage: 16,
  OtherPages: 32,
  Thumbnail: 64,
  Thumbnails: 128,
  Other: 256,
} as const;

/** Entries of the catalog that a reader needs before it shows the first page. */
const OPEN_ENTRIES = new Set(['ViewerPreferences', 'PageMode', 'Threads', 'OpenAction', 'AcroForm']);
/** Limit on the pairs of a page and an object that it uses. */
const MAX_VISITS = 8_000_000;

type Mark = (num: SourceObjectNumber) => void;

/** Finds out which objects each page and each entry of the catalog and the trailer use. */
export class ObjectUsers {
  /** The uses of each object, in the order in which the objects were found. */
  readonly uses = new Map<SourceObjectNumber, number>();
  /** Whether readers show the outlines first, so that they belong to the first page. */
  readonly outlinesAreOpen: boolean;
  readonly #objects: DocumentObjects;
  readonly #graph: ObjectGraph;
  #visits = 0;

  /** Throws a `LinearizationLimit` if the pages use too many objects together. */
  constructor(objects: DocumentObjects, graph: ObjectGraph, trailer: PdfDict) {
    this.#objects = objects;
    this.#graph = graph;
    const catalog = objects.load(objects.root);
    const entries = new PdfDict(catalog instanceof PdfDict ? catalog : []);
    const opensOutlines = isName(objects.resolve(entries.get('PageMode')), 'UseOutlines');
    this.outlinesAreOpen = opensOutlines && objects.resolve(entries.get('Outlines')) !== null;
    this.#readEntries(entries, trailer);
    for (const page of objects.pages.keys())
      this.visitPage(page, this.#marker(page === 0 ? Use.FirstPage : Use.OtherPage), this.#marker(Use.Thumbnail));
    this.#addStrayPages(trailer);
    this.#add(objects.root, Use.Catalog);
  }

  /**
   * Calls `mark` for each object that a page uses and `markThumbnail` for each object that only its thumbnail uses.
   * Skips objects whose place does not depend on pages.
   */
  visitPage(page: number, mark: Mark, markThumbnail: Mark = () => undefined): void {
    const num = this.#objects.pages[page];
    const node = num === undefined ? undefined : this.#graph.node(num);
    if (num === undefined || !node) return;
    const visited = new Set([num]);
    mark(num);
    const skips = (other: SourceObjectNumber): boolean => this.#isPlaced(other);
    this.#visit(node.references, { visited, mark, skips });
    this.#visit(node.thumbnail, { visited, mark: markThumbnail, skips });
  }

  #readEntries(catalog: PdfDict, trailer: PdfDict): void {
    const visit = (use: number, dict: PdfDict, isOfUse: (key: string) => boolean): void => {
      const values = [...dict].flatMap(([key, value]) => (isOfUse(key) ? [value] : []));
      this.#visit(this.#graph.referencesOf(values), { mark: this.#marker(use) });
    };
    visit(Use.Open, catalog, (key) => OPEN_ENTRIES.has(key));
    visit(Use.Outlines, catalog, (key) => key === 'Outlines');
    // The page tree comes first in the last part of the file.
    visit(Use.Other, catalog, (key) => key === 'Pages');
    visit(Use.Other, catalog, (key) => !OPEN_ENTRIES.has(key) && key !== 'Outlines');
    visit(Use.Other, trailer, (key) => !FILE_ENTRIES.has(key) && key !== 'Root');
  }

  /** Objects needed to open the document, and outlines after the first page, keep their place when pages use them. */
  #isPlaced(num: SourceObjectNumber): boolean {
    const uses = this.uses.get(num) ?? 0;
    return !this.outlinesAreOpen && (uses & (Use.Outlines | Use.Open)) !== 0;
  }

  /** A page outside the page tree is the end of a path, so it is not found by following references. */
  #addStrayPages(trailer: PdfDict): void {
    const left = [...this.uses.keys(), ...this.#graph.referencesOf(trailer)];
    const seen = new Set(left);
    for (let num = left.pop(); num !== undefined; num = left.pop()) {
      const node = this.#graph.node(num);
      if (!node) continue;
      if (!this.uses.has(num) && num !== this.#objects.root) this.uses.set(num, Use.Other);
      for (const next of [...node.references, ...node.thumbnail, ...this.#parentsOf(num)])
        if (!seen.has(next)) {
          seen.add(next);
          left.push(next);
        }
    }
  }

  /** The /Parent of a page, which no path follows. */
  #parentsOf(num: SourceObjectNumber): SourceObjectNumber[] {
    const page = this.#graph.node(num)?.isPage === true ? this.#objects.load(num) : null;
    return page instanceof PdfDict ? this.#graph.referencesOf(page.get('Parent') ?? null) : [];
  }

  #visit(
    starts: readonly SourceObjectNumber[],
    {
      visited = new Set(),
      mark,
      skips = () => false,
    }: { visited?: Set<SourceObjectNumber>; mark: Mark; skips?: (num: SourceObjectNumber) => boolean },
  ): void {
    const left = [...starts].reverse();
    for (let num = left.pop(); num !== undefined; num = left.pop()) {
      if (visited.has(num) || skips(num)) continue;
      const node = this.#graph.node(num);
      if (!node || node.isPage) continue;
      visited.add(num);
      this.#visits += 1;
      if (this.#visits > MAX_VISITS) throw new LinearizationLimit('Its pages share too many objects.');
      mark(num);
      for (let at = node.references.length - 1; at >= 0; at--) {
        const next = node.references[at];
        if (next !== undefined) left.push(next);
      }
    }
  }

  #marker(use: number): Mark {
    return (num) => {
      this.#add(num, use);
    };
  }

  #add(num: SourceObjectNumber, use: number): void {
    const uses = this.uses.get(num) ?? 0;
    const isRepeated = (use === Use.OtherPage || use === Use.Thumbnail) && (uses & use) !== 0;
    this.uses.set(num, uses | use | (isRepeated ? use * 2 : 0));
  }
}
