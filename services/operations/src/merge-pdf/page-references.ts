import { PdfRef, pageDict } from '@pdf-tools/pdf';
import type { PageEntry, SourceObjectNumber } from '@pdf-tools/pdf';
import { PerDocument } from './per-document.js';
import type { Source } from './source.js';

/** Numbers of the objects that pages list under a key, such as annotations or beads. Reads each page once. */
export class PageReferences {
  readonly #key: string;
  readonly #known = new PerDocument(() => new Map<PageEntry, readonly SourceObjectNumber[]>());

  constructor(key: 'Annots' | 'B') {
    this.#key = key;
  }

  /** The objects on all pages of a source. */
  of(source: Source): SourceObjectNumber[] {
    const known = this.#known.of(source);
    return source.pages.flatMap(({ entry }) => {
      const numbers = known.get(entry) ?? this.#read(source, entry);
      known.set(entry, numbers);
      return numbers;
    });
  }

  #read({ file }: Source, entry: PageEntry): SourceObjectNumber[] {
    const list = file.resolve(pageDict(file, entry).get(this.#key));
    return Array.isArray(list) ? list.flatMap((item) => (item instanceof PdfRef ? item.num : [])) : [];
  }
}
