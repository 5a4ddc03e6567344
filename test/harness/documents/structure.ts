import { PDFArray, PDFDict, PDFDocument, PDFName, PDFNumber, PDFRef, PDFString } from 'pdf-lib';
import type { PDFObject } from 'pdf-lib';

/** A structure element of a result. */
export interface ElementFacts {
  readonly ref: PDFRef | undefined;
  readonly dict: PDFDict;
  readonly parent: PDFRef | undefined;
}

/** Reads the structure tree of a document recursively. For unit tests. */
export class Structure {
  readonly document: PDFDocument;
  readonly rootRef: PDFRef;
  readonly root: PDFDict;
  readonly elements: ElementFacts[] = [];

  private constructor(document: PDFDocument) {
    this.document = document;
    const root = document.catalog.get(PDFName.of('StructTreeRoot'));
    if (!(root instanceof PDFRef)) throw new Error('has no structure tree');
    this.rootRef = root;
    this.root = document.context.lookup(root, PDFDict);
    for (const kid of this.kids(this.root)) this.#add(kid, root);
  }

  static async read(bytes: Uint8Array): Promise<Structure> {
    return new Structure(await PDFDocument.load(bytes));
  }

  /**
   * The tree on one line. `P:1/0` is marked content 0 on page 1, and `P:1/@Link` an annotation or other object on it.
   */
  outline(): string {
    return this.kids(this.root)
      .map((kid) => this.#line(kid, undefined))
      .join(' ');
  }

  /** An entry of a dictionary as text. */
  static text(dict: PDFDict | undefined, key: string): string | undefined {
    return dict?.lookup(PDFName.of(key))?.toString();
  }

  withId(id: string): PDFDict | undefined {
    return this.elements.find(({ dict }) => Structure.text(dict, 'ID') === `(${id})`)?.dict;
  }

  /** The entries of the parent tree by key. */
  parentTree(): Map<number, PDFObject | undefined> {
    const entries = new Map<number, PDFObject | undefined>();
    for (const pairs of this.#leaves(this.root.lookup(PDFName.of('ParentTree'), PDFDict), 'Nums')) {
      for (let at = 0; at < pairs.size(); at += 2)
        entries.set(pairs.lookup(at, PDFNumber).asNumber(), pairs.lookup(at + 1));
    }
    return entries;
  }

  idTree(): Map<string, PDFDict> {
    const entries = new Map<string, PDFDict>();
    const tree = this.root.lookup(PDFName.of('IDTree'));
    if (!(tree instanceof PDFDict)) return entries;
    for (const pairs of this.#leaves(tree, 'Names')) {
      for (let at = 0; at < pairs.size(); at += 2)
        entries.set(pairs.lookup(at, PDFString).asString(), pairs.lookup(at + 1, PDFDict));
    }
    return entries;
  }

  /** Descriptions of all inconsistencies in the tree. */
  faults(): string[] {
    const faults = this.elements.flatMap(({ dict, parent }) =>
      dict.get(PDFName.of('P')) === parent ? [] : [`${Structure.text(dict, 'S') ?? '?'} has another parent`],
    );
    const parents = this.parentTree();
    const next = this.root.lookup(PDFName.of('ParentTreeNextKey'), PDFNumber).asNumber();
    for (const key of parents.keys()) if (key >= next) faults.push(`key ${key} is not below ${next}`);
    for (const [at, page] of this.document.getPages().entries()) {
      const key = page.node.lookup(PDFName.of('StructParents'));
      const array = key instanceof PDFNumber ? parents.get(key.asNumber()) : undefined;
      if (!(array instanceof PDFArray)) continue;
      for (const [mcid, ref] of array.asArray().entries()) {
        if (!(ref instanceof PDFRef)) continue;
        const element = this.elements.find((each) => each.ref === ref);
        const kids = element ? this.kids(element.dict).map((kid) => this.#line(kid, element.dict)) : [];
        if (!kids.includes(`${at}/${mcid}`)) faults.push(`content ${mcid} of page ${at} is of no element`);
      }
    }
    return [...faults, ...this.#dangling()];
  }

  kids(dict: PDFDict): PDFObject[] {
    const kids = dict.get(PDFName.of('K'));
    const resolved = this.document.context.lookup(kids);
    if (resolved instanceof PDFArray) return resolved.asArray();
    return kids ? [kids] : [];
  }

  #add(kid: PDFObject, parent: PDFRef | undefined): void {
    const dict = this.document.context.lookup(kid);
    if (!(dict instanceof PDFDict) || !dict.has(PDFName.of('S'))) return;
    const ref = kid instanceof PDFRef ? kid : undefined;
    if (ref && this.elements.some((element) => element.ref === ref)) throw new Error('an element stands twice');
    this.elements.push({ ref, dict, parent });
    for (const below of this.kids(dict)) this.#add(below, ref);
  }

  #line(kid: PDFObject, element: PDFDict | undefined): string {
    const value = this.document.context.lookup(kid);
    if (value instanceof PDFNumber) return `${this.#page(element)}/${value.asNumber()}`;
    if (!(value instanceof PDFDict)) return '!';
    const page = this.#page(value.has(PDFName.of('Pg')) ? value : element);
    const object = value.lookup(PDFName.of('Obj'));
    if (object instanceof PDFDict) return `${page}/@${Structure.text(object, 'Subtype')?.slice(1) ?? '?'}`;
    const content = Structure.text(value, 'MCID');
    return content === undefined ? this.#elementLine(value) : `${page}/${content}`;
  }

  #elementLine(value: PDFDict): string {
    const name = Structure.text(value, 'S')?.slice(1) ?? '?';
    const kids = this.kids(value).map((below) => this.#line(below, value));
    if (kids.length === 0) return name;
    return kids.every((below) => /^-?\d/.test(below)) ? `${name}:${kids.join(',')}` : `${name}(${kids.join(' ')})`;
  }

  #page(dict: PDFDict | undefined): number | string {
    const page = dict?.get(PDFName.of('Pg'));
    return this.document.getPages().findIndex(({ ref }) => ref === page);
  }

  *#leaves(node: PDFDict, key: string): Generator<PDFArray> {
    const pairs = node.lookup(PDFName.of(key));
    if (pairs instanceof PDFArray) yield pairs;
    const kids = node.lookup(PDFName.of('Kids'));
    if (!(kids instanceof PDFArray)) return;
    for (let at = 0; at < kids.size(); at++) yield* this.#leaves(kids.lookup(at, PDFDict), key);
  }

  /** References to missing objects. */
  #dangling(): string[] {
    const { context } = this.document;
    return context.enumerateIndirectObjects().flatMap(([from, object]) => {
      const refs = object.toString().match(/\b\d+ 0 R\b/g) ?? [];
      const lost = refs.filter((ref) => context.lookup(PDFRef.of(Number.parseInt(ref, 10))) === undefined);
      return lost.map((ref) => `object ${from.objectNumber} refers to ${ref}`);
    });
  }
}
