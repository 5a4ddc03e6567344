import { PdfDict, PdfStream, referencesOf, serialize } from '@pdf-tools/pdf';
import type { Copier, PdfFile, PdfObject } from '@pdf-tools/pdf';
import type { Source } from '../source.js';
import { SharedNames } from './shared-names.js';

/** Classes of one source are compared with others until they are this long together, in characters. */
const MAX_COMPARED = 4 * 1024 * 1024;

/** The classes of a source: under which names of the result, with which values of the file. */
interface Classes {
  readonly renamed: ReadonlyMap<string, string>;
  readonly added: ReadonlyMap<string, PdfObject>;
}

/** The class maps (ISO 32000-2, 14.7.6.2) of all sources as one. A class that has other attributes gets another name. */
export class ClassMaps {
  readonly #names = new SharedNames();
  readonly #classes = new PdfDict();

  /** The class map of the result; undefined for none. */
  get result(): PdfDict | undefined {
    return this.#classes.size > 0 ? this.#classes : undefined;
  }

  /** Names the classes of a source. */
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

  /** Takes over the attributes of the classes that no source had before. */
  collect(copier: Copier, added: ReadonlyMap<string, PdfObject>): void {
    for (const [name, attributes] of added) {
      if (!this.#classes.has(name)) this.#classes.set(name, copier.adopt(attributes));
    }
  }
}

/** What is equal for equal attributes; undefined where it cannot be said from their bytes alone. */
function meaningOf(file: PdfFile, attributes: PdfObject): string | undefined {
  const value = file.resolve(attributes);
  const isOwn = value instanceof PdfStream || referencesOf(value).length > 0;
  const meaning = isOwn ? undefined : serialize(value);
  // Identifiers in it are names themselves.
  return meaning?.includes('/Headers') ? undefined : meaning;
}
