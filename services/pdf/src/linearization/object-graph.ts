import { PdfDict, PdfRef, PdfStream, TargetRef, isOfType } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';
import type { DocumentObjects } from './document-objects.js';

interface Node {
  /** The objects that it refers to. Without /Parent and /Thumb if it is a page. */
  readonly references: readonly SourceObjectNumber[];
  readonly thumbnail: readonly SourceObjectNumber[];
  readonly isPage: boolean;
  readonly isStream: boolean;
}

/** The references between the objects of a document. Objects that are null or do not exist are not in it. */
export class ObjectGraph {
  readonly #objects: DocumentObjects;
  readonly #nodes = new Map<SourceObjectNumber, Node | undefined>();

  constructor(objects: DocumentObjects) {
    this.#objects = objects;
  }

  /** The references and kind of an object. Undefined if there is no such object. */
  node(num: SourceObjectNumber): Node | undefined {
    if (this.#nodes.has(num)) return this.#nodes.get(num);
    const value = this.#objects.load(num);
    const node = value === null || value instanceof PdfRef ? undefined : this.#nodeOf(value);
    this.#nodes.set(num, node);
    return node;
  }

  /** The existing objects that a value refers to, outside of direct pages. */
  referencesOf(value: PdfObject): SourceObjectNumber[] {
    const found = new Set<SourceObjectNumber>();
    const left: PdfObject[] = [value];
    for (let part = left.pop(); part !== undefined; part = left.pop()) {
      if (part instanceof PdfRef) found.add(this.#objects.follow(part.num));
      else if (part instanceof PdfStream) left.push(part.dict);
      else if (Array.isArray(part)) pushAll(part);
      else if (part instanceof PdfDict && !this.#isPage(part)) pushAll(part.values());
    }
    return [...found];

    function pushAll(items: Iterable<PdfObject>): void {
      for (const item of items)
        if (typeof item === 'object' && item !== null && !(item instanceof TargetRef)) left.push(item);
    }
  }

  #nodeOf(value: PdfObject): Node {
    const isStream = value instanceof PdfStream;
    if (!(value instanceof PdfDict) || !this.#isPage(value))
      return { references: this.referencesOf(value), thumbnail: [], isPage: false, isStream };
    const entries = [...value].filter(([key]) => key !== 'Parent' && key !== 'Thumb').map(([, entry]) => entry);
    return {
      references: this.referencesOf(entries),
      thumbnail: this.referencesOf(value.get('Thumb') ?? null),
      isPage: true,
      isStream,
    };
  }

  #isPage(dict: PdfDict): boolean {
    return isOfType(PdfDict.of({ Type: this.#objects.resolve(dict.get('Type')) }), 'Page');
  }
}
