import type { PdfFile } from '../file/pdf-file.js';
import { PdfDict, PdfRef } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';
import { NO_OBJECT } from '../syntax/object-numbers.js';

/** Maximum length of a chain of references. */
const MAX_HOPS = 32;

/** An object and its number, which is `NO_OBJECT` for a direct object. */
export interface Numbered {
  readonly num: SourceObjectNumber;
  readonly value: PdfObject;
}

/** Resolves references and keeps the number of the final object. */
export function numbered(file: PdfFile, object: PdfObject | undefined): Numbered {
  let [num, value]: [SourceObjectNumber, PdfObject] = [NO_OBJECT, object ?? null];
  for (let hops = 0; value instanceof PdfRef; hops++) {
    if (hops >= MAX_HOPS) return { num: NO_OBJECT, value: null };
    num = value.num;
    value = file.load(num);
  }
  return { num, value };
}

/** The categories of resources (ISO 32000-2, 7.8.3) that content can draw or paint with. */
export type Category = 'XObject' | 'Pattern' | 'ExtGState' | 'Font' | 'ColorSpace' | 'Shading' | 'Properties';

/** The numbers of the objects that contain the named resources of content. */
export class ResourceObjects {
  /** Pages, streams and fonts with a /Resources entry. */
  readonly owners = new Set<SourceObjectNumber>();
  /** Resource dictionaries, and XObject dictionaries in them. */
  readonly dictionaries = new Set<SourceObjectNumber>();
  readonly xobjects = new Set<SourceObjectNumber>();
}

/** The dictionary of a category of resources. */
export interface CategoryHolder {
  /** Identifies the dictionary. */
  readonly id: string;
  /** Its object number, or `NO_OBJECT` if it is in the resource dictionary. */
  readonly num: SourceObjectNumber;
  readonly dict: PdfDict;
}

/** Named resources of a content stream. */
export class Resources {
  /** Identifies a resource dictionary. */
  readonly id: string;
  /** Its object number, or `NO_OBJECT` if it is in its owner. */
  readonly num: SourceObjectNumber;
  readonly #file: PdfFile;
  readonly #objects: ResourceObjects;
  readonly #dict: PdfDict;
  readonly #categories = new Map<Category, PdfDict>();
  readonly #found = new Map<string, Numbered>();

  /** `owner` identifies the object that contains a direct dictionary, and `ownerNum` is its number, if it has one. */
  constructor(
    file: PdfFile,
    resources: PdfObject | undefined,
    owner: string,
    objects: ResourceObjects,
    readonly ownerNum = NO_OBJECT,
  ) {
    const { num, value } = numbered(file, resources);
    this.#file = file;
    this.#objects = objects;
    if (num !== NO_OBJECT) objects.dictionaries.add(num);
    this.#dict = value instanceof PdfDict ? value : new PdfDict();
    this.id = num === NO_OBJECT ? owner : String(num);
    this.num = num;
  }

  /** Finds a resource by name. Returns undefined if it does not exist. */
  find(category: Category, name: string): Numbered | undefined {
    const key = `${category}/${name}`;
    const known = this.#found.get(key);
    if (known) return known;
    const object = this.#category(category).get(name);
    if (object === undefined || object === null) return undefined;
    const found = numbered(this.#file, object);
    this.#found.set(key, found);
    return found;
  }

  /** The dictionary of a category. Undefined if it does not exist. */
  holder(category: Category): CategoryHolder | undefined {
    const { num, value } = numbered(this.#file, this.#dict.get(category));
    if (!(value instanceof PdfDict)) return undefined;
    return { id: num === NO_OBJECT ? `${this.id}/${category}` : `${num}/${category}`, num, dict: value };
  }

  names(category: Category): Iterable<string> {
    return this.#category(category).keys();
  }

  #category(category: Category): PdfDict {
    const known = this.#categories.get(category);
    if (known) return known;
    const { num, value } = numbered(this.#file, this.#dict.get(category));
    if (category === 'XObject' && num !== NO_OBJECT) this.#objects.xobjects.add(num);
    const dict = value instanceof PdfDict ? value : new PdfDict();
    this.#categories.set(category, dict);
    return dict;
  }
}
