import { PdfDict, PdfStream, referencesOf, serialize } from '@pdf-tools/pdf';
import type { Copier, PdfFile, PdfObject } from '@pdf-tools/pdf';
import type { Source } from '../source.js';
import { SharedNames } from './shared-names.js';

/** Classes of a source are compared with others up to this total length in characters. */
const MAX_COMPARED = 4 * 1024 * 1024;

/** The classes of a source: renamed ones, and values by their names in the result. */
interface Classes {
  readonly renamed: ReadonlyMap<string, string>;
  readonly added: ReadonlyMap<string, PdfObject>;
}

/** Merges the class maps (ISO 32000-2, 14.7.6.2) of all sources. A class with different attributes is renamed. */
export class ClassMaps {
  readonly #names = new SharedNames();
  readonly #classes = new PdfDict();

  /** The class map of the result. Undefined if it is empty. */
  get result(): PdfDict | undefined {
    return this.#classes.size > 0 ? this.#classes : undefined;
  }

  /** Assigns names to the classes of a source. */
  name({ file, index }: Source, value: PdfObject | undefined): Classes {
    const [renamed, added] = [new Map<string, string>(), new Map<string, PdfObject>()];
    const dict = file.resolve(value);
    let left = MAX_COMPARED;
    for (const [name, attributes] of dict instanceof PdfDict ? dict : []) {
      const meaning = left > 0 ? meaningOf(file, attributes) : undefined;
      left -= meaning?.length ?? 0;
      const to = this.#names.take(name, meaning ?? `of file ${index}`);
      if (to !== name) renamed.set(name, to);
      added.set(to, attributes);
    }
    return { renamed, added };
  }

  /** Copies the attributes of classes that no earlier source had. */
  collect(copier: Copier, added: ReadonlyMap<string, PdfObject>): void {
    for (const [name, attributes] of added) {
      if (!this.#classes.has(name)) this.#classes.set(name, copier.adopt(attributes));
    }
  }
}

/** A text that is equal for equal attributes. Undefined if their bytes are not sufficient to compare them. */
function meaningOf(file: PdfFile, attributes: PdfObject): string | undefined {
  const value = file.resolve(attributes);
  const isOwn = value instanceof PdfStream || referencesOf(value).length > 0;
  const meaning = isOwn ? undefined : serialize(value);
  // Attributes with identifiers depend on their document.
  return meaning?.includes('/Headers') ? undefined : meaning;
}
