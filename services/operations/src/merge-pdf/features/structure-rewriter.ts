import type { PdfFile, PdfObject, Rewriter, SourceObjectNumber } from '@pdf-tools/pdf';
import { PdfDict, PdfName, PdfRef, PdfString, isName, nameToken } from '@pdf-tools/pdf';
import { isElement } from './structure-element.js';
import type { Members } from './structure-pruning.js';

/** What is renamed or dropped in the structure elements of a source. */
export interface StructureChanges {
  readonly types: ReadonlyMap<string, string>;
  readonly classes: ReadonlyMap<string, string>;
  /** Maps an identifier, as Latin-1 text. Undefined if identifiers do not change. */
  readonly newId: ((id: string) => string) | undefined;
  readonly droppedIds: Members<string>;
  /** Numbers of dropped elements. */
  readonly dropped: Members<SourceObjectNumber>;
}

/** The namespace that role maps apply to (ISO 32000-2, 14.8.6), besides elements without a namespace. */
const DEFAULT_NAMESPACE = 'http://iso.org/pdf/ssn';

/** Rewrites structure elements, their attributes and structure destinations after renaming and dropping. */
export class StructureRewriter implements Rewriter {
  readonly markers: readonly string[];
  readonly #file: PdfFile;
  readonly #changes: StructureChanges;

  constructor(file: PdfFile, changes: StructureChanges) {
    this.#file = file;
    this.#changes = changes;
    this.markers = markersOf(changes);
  }

  /** Whether anything changes. */
  get isNeeded(): boolean {
    return this.markers.length > 0;
  }

  rewrite(dict: PdfDict): void {
    if (dict.has('Headers') && dict.has('O')) this.#rewriteHeaders(dict);
    if (dict.has('SD')) this.#rewriteDestination(dict);
    if (!isElement(dict)) return;
    this.#rewriteType(dict);
    if (dict.has('C')) this.#rewriteClasses(dict);
    if (dict.has('ID')) this.#rewriteId(dict);
    if (dict.has('Ref')) this.#rewriteReferences(dict);
  }

  /** Identifiers of header cells (14.8.5.7). */
  #rewriteHeaders(dict: PdfDict): void {
    const headers = this.#file.resolve(dict.get('Headers'));
    if (!Array.isArray(headers)) return;
    const kept = headers.flatMap((header) => {
      const id = this.#file.resolve(header);
      if (!(id instanceof PdfString)) return [];
      return this.#changes.droppedIds.has(latin1(id)) ? [] : [this.#newId(id)];
    });
    if (kept.length > 0 || headers.length === 0) dict.set('Headers', kept);
    else dict.delete('Headers');
  }

  #rewriteId(dict: PdfDict): void {
    const id = this.#file.resolve(dict.get('ID'));
    if (id instanceof PdfString) dict.set('ID', this.#newId(id));
  }

  #newId(id: PdfString): PdfString {
    const { newId } = this.#changes;
    return newId ? PdfString.latin1(newId(latin1(id))) : id;
  }

  #rewriteType(dict: PdfDict): void {
    const type = this.#file.resolve(dict.get('S'));
    const to = type instanceof PdfName ? this.#changes.types.get(type.value) : undefined;
    if (to !== undefined && this.#isOfDefaultNamespace(dict)) dict.set('S', new PdfName(to));
  }

  #isOfDefaultNamespace(dict: PdfDict): boolean {
    const namespace = this.#file.resolve(dict.get('NS'));
    if (!(namespace instanceof PdfDict)) return true;
    const name = this.#file.resolve(namespace.get('NS'));
    return name instanceof PdfString && latin1(name) === DEFAULT_NAMESPACE;
  }

  /** A class, or an array of classes and revision numbers. */
  #rewriteClasses(dict: PdfDict): void {
    const { classes } = this.#changes;
    const renamed = (value: PdfObject): PdfObject => {
      const name = this.#file.resolve(value);
      return name instanceof PdfName ? new PdfName(classes.get(name.value) ?? name.value) : name;
    };
    if (classes.size === 0) return;
    const value = this.#file.resolve(dict.get('C'));
    if (Array.isArray(value)) dict.set('C', value.map(renamed));
    else if (isName(value)) dict.set('C', renamed(value));
  }

  #rewriteReferences(dict: PdfDict): void {
    const references = this.#file.resolve(dict.get('Ref'));
    if (!Array.isArray(references) || this.#changes.dropped.size === 0) return;
    const kept = references.filter((reference) => !this.#isDropped(reference));
    if (kept.length > 0) dict.set('Ref', kept);
    else dict.delete('Ref');
  }

  /** Removes a destination on a dropped element (12.3.2.3). The action has another destination. */
  #rewriteDestination(dict: PdfDict): void {
    const destination = this.#file.resolve(dict.get('SD'));
    if (Array.isArray(destination) && this.#isDropped(destination[0])) dict.delete('SD');
  }

  #isDropped(reference: PdfObject | undefined): boolean {
    return reference instanceof PdfRef && this.#changes.dropped.has(reference.num);
  }
}

/** A name with a number sign can be written in more than one way. */
const ESCAPE = '#';
/** Bytes that may separate a key and a reference (7.2.3). */
const WHITE_SPACE = [' ', '\n', '\r', '\t', '\f', '\0', '%'];

function markersOf({ types, classes, newId, droppedIds, dropped }: StructureChanges): string[] {
  const names = [...types.keys(), ...classes.keys()];
  return [
    ...(newId || droppedIds.size > 0 ? ['/Headers'] : []),
    ...(newId ? ['/ID'] : []),
    ...(dropped.size > 0 ? ['/Ref', '/SD'] : []),
    ...names.map(nameToken).filter((token) => !token.includes(ESCAPE)),
    ...(names.length > 0 ? [ESCAPE] : []),
    // The name may be an indirect object.
    ...(types.size > 0 ? WHITE_SPACE.map((space) => `/S${space}`) : []),
    ...(classes.size > 0 ? WHITE_SPACE.map((space) => `/C${space}`) : []),
  ];
}

function latin1({ bytes }: PdfString): string {
  return bytes.toString('latin1');
}
