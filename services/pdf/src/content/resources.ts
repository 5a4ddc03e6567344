import type { PdfFile } from '../file/pdf-file.js';
import { PdfDict, PdfRef } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';
import { NO_OBJECT } from '../syntax/object-numbers.js';

/** Longest chain of references that is followed to an object. */
const MAX_HOPS = 32;

/** An object together with its number; 0 for one that is direct. */
export interface Numbered {
  readonly num: SourceObjectNumber;
  readonly value: PdfObject;
}

/** Follows references and keeps the number of the object they end at. */
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

/** The objects that hold the named resources of content that was read, by their numbers. */
export class ResourceObjects {
  /** Pages, streams and fonts with an entry /Resources. */
  readonly owners = new Set<SourceObjectNumber>();
  /** Resource dictionaries, and the dictionaries of external objects in them. */
  readonly dictionaries = new Set<SourceObjectNumber>();
  readonly xobjects = new Set<SourceObjectNumber>();
}

/** Named resources of a content stream. */
export class Resources {
  /** Identifies resource dictionaries: the same for the same dictionary. */
  readonly id: string;
  readonly #file: PdfFile;
  readonly #objects: ResourceObjects;
  readonly #dict: PdfDict;
  readonly #categories = new Map<Category, PdfDict>();
  readonly #found = new Map<string, Numbered>();

  /** `owner` names what holds the dictionary, if it is direct. */
  constructor(file: PdfFile, resources: PdfObject | undefined, owner: string, objects: ResourceObjects) {
    const { num, value } = numbered(file, resources);
    this.#file = file;
    this.#objects = objects;
    if (num !== NO_OBJECT) objects.dictionaries.add(num);
    this.#dict = value instanceof PdfDict ? value : new PdfDict();
    this.id = num === NO_OBJECT ? owner : String(num);
  }

  /** A resource by its name; undefined if there is none. */
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
