import { AppError } from '@pdf-tools/shared/errors';
import { PDFArray, PDFContext, PDFDict, PDFName, PDFNumber } from 'pdf-lib';
import type { PDFRef } from 'pdf-lib';
import { Copier } from '../pdf-lib/copier.js';
import { MAX_PAGES } from '../pdf-lib/limits.js';
import { findCatalog, loadObjects } from '../pdf-lib/load.js';
import { mendReferences } from '../pdf-lib/mend-references.js';
import { readPageTree } from '../pdf-lib/page-tree.js';
import type { Page } from '../pdf-lib/page-tree.js';
import { saveObjects } from '../pdf-lib/save.js';
import { mergeCatalogs } from './catalog.js';
import type { CatalogSource } from './catalog.js';

const PARENT = PDFName.of('Parent');
const TYPE = PDFName.of('Type');

/** What `Merger.finish` made: the bytes, and for each document what of it could not be kept. */
export interface Merged {
  readonly bytes: Uint8Array;
  readonly lost: readonly (readonly string[])[];
}

/** Collects the pages of documents into one. */
export class Merger {
  readonly #target = PDFContext.create();
  readonly #tree = this.#target.nextRef();
  readonly #kids = PDFArray.withContext(this.#target);
  readonly #sources: (CatalogSource & { readonly copier: Copier })[] = [];

  get pages(): number {
    return this.#kids.size();
  }

  /**
   * Adds all pages of a document and returns how many these are. References between its pages stay. Throws a `Fault` for
   * a document that cannot be read, and `too_many_pages` where the result would have too many.
   */
  async add(bytes: Uint8Array): Promise<number> {
    const source = await loadObjects(bytes);
    mendReferences(source);
    const catalog = findCatalog(source);
    const { pages, nodes } = readPageTree(source, catalog);
    if (this.pages + pages.length > MAX_PAGES) {
      throw new AppError('too_many_pages', `The result would have more than ${MAX_PAGES} pages.`);
    }
    const copier = new Copier(source, this.#target);
    for (const node of nodes) copier.map(node, this.#tree);
    const numbered = pages.map((page) => ({ page, ref: this.#number(copier, page) }));
    for (const { page, ref } of numbered) {
      this.#target.assign(ref, this.#copyPage(copier, page));
      this.#kids.push(ref);
    }
    copier.drain();
    this.#sources.push({ catalog, copier, copy: (object) => copier.copy(object) });
    return pages.length;
  }

  /** The merged document. */
  async finish(): Promise<Merged> {
    const tree = PDFDict.withContext(this.#target);
    tree.set(TYPE, PDFName.of('Pages'));
    tree.set(PDFName.of('Count'), PDFNumber.of(this.pages));
    tree.set(PDFName.of('Kids'), this.#kids);
    this.#target.assign(this.#tree, tree);
    const catalog = PDFDict.withContext(this.#target);
    catalog.set(TYPE, PDFName.of('Catalog'));
    catalog.set(PDFName.of('Pages'), this.#tree);
    const lost = mergeCatalogs(catalog, this.#sources);
    for (const { copier } of this.#sources) copier.drain();
    this.#target.trailerInfo.Root = this.#target.register(catalog);
    return { bytes: await saveObjects(this.#target), lost };
  }

  /** A new number for each place in the page tree: a page that stands there twice becomes two. */
  #number(copier: Copier, page: Page): PDFRef {
    const ref = this.#target.nextRef();
    if (page.ref) copier.map(page.ref, ref);
    return ref;
  }

  #copyPage(copier: Copier, page: Page): PDFDict {
    const copy = PDFDict.withContext(this.#target);
    const entries = new Map([...page.dict.entries(), ...page.attributes]);
    entries.delete(PARENT);
    for (const [key, value] of entries) copy.set(key, copier.copy(value));
    copy.set(TYPE, PDFName.of('Page'));
    copy.set(PARENT, this.#tree);
    return copy;
  }
}
