import type { PdfFile } from '@pdf-tools/pdf';
import type { Source } from './source.js';

/** Reads something once per document. Caches it only if the document's pages are repeated. Do not change the values. */
export class PerDocument<T> {
  readonly #values = new Map<PdfFile, { readonly value: T }>();
  readonly #read: (source: Source) => T;

  constructor(read: (source: Source) => T) {
    this.#read = read;
  }

  of(source: Source): T {
    const known = this.#values.get(source.file);
    if (known) return known.value;
    const value = this.#read(source);
    if (source.copier.shared) this.#values.set(source.file, { value });
    return value;
  }
}
