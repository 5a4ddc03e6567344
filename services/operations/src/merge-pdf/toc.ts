import {
  NULL_TARGET,
  Copier,
  KeyCounter,
  MemorySource,
  PdfDict,
  PdfFile,
  PdfName,
  StructParentKeys,
  ObjectDeduplicator,
  TargetRef,
  pageDict,
  readPageTree,
} from '@pdf-tools/pdf';
import type { PageTreeWriter, PdfWriter, TargetObjectNumber } from '@pdf-tools/pdf';
import { countTocPages } from './toc-layout.js';
import type { Size } from './toc-layout.js';

/** A line of the table of contents and its page. */
export interface TocLine {
  readonly title: string;
  /** Position in the result, from 0. */
  readonly position: number;
  readonly target: TargetObjectNumber;
}

/** The table of contents at the start of the result. Its pages are placed first and written last. */
export class Toc {
  readonly #writer: PdfWriter;
  readonly #size: Size;
  readonly #places: readonly { readonly target: TargetObjectNumber; readonly parent: TargetRef }[];

  /** Places pages for a number of lines, with the size of a page of the document. */
  constructor(writer: PdfWriter, tree: PageTreeWriter, lines: number, size: Size) {
    this.#writer = writer;
    this.#size = size;
    this.#places = Array.from({ length: countTocPages(lines, size) }, () => {
      const target = writer.allocate();
      return { target, parent: tree.add(target) };
    });
  }

  /** Number of pages of the table of contents. */
  get pages(): number {
    return this.#places.length;
  }

  async write(lines: readonly TocLine[]): Promise<void> {
    const entries = lines.map(({ title, position }) => ({ title, pageNumber: position + 1 }));
    // pdf-lib is loaded only for a merge with a table of contents.
    const { drawToc } = await import('./toc-pages.js');
    const { bytes, links } = await drawToc(entries, this.#size);
    const file = new PdfFile(new MemorySource(bytes));
    const { pages, nodes } = readPageTree(file);
    const copier = new Copier(file, this.#writer, new ObjectDeduplicator(), new StructParentKeys(new KeyCounter()));
    for (const node of nodes) copier.place(node, NULL_TARGET);
    for (const [at, { target, parent }] of this.#places.entries()) {
      const entry = pages[at];
      if (!entry) continue;
      const dict = pageDict(file, entry);
      const own = links.filter(({ page }) => page === at);
      dict.set('Parent', parent);
      dict.set(
        'Annots',
        own.map(({ rect, entry: line }) => this.#link(rect, lines[line]?.target ?? NULL_TARGET)),
      );
      copier.write(dict, target);
    }
  }

  #link(rect: readonly number[], target: TargetObjectNumber): TargetRef {
    const dict = PdfDict.of({
      Type: new PdfName('Annot'),
      Subtype: new PdfName('Link'),
      Rect: [...rect],
      Border: [0, 0, 0],
      Dest: [new TargetRef(target), new PdfName('XYZ'), null, null, null],
    });
    return new TargetRef(this.#writer.put(dict));
  }
}
