import { PdfDict, PdfName, PdfRef, PdfString, TargetRef, isInteger, isName, readNameTree } from '@pdf-tools/pdf';
import type { PdfArray, PdfFile, PdfObject } from '@pdf-tools/pdf';
import { pageKey } from '../source.js';
import type { PlacedPage, Source } from '../source.js';

/** The array of an explicit destination (ISO 32000-2, 12.3.2.2). A named destination may wrap it in a dictionary. */
export function explicitDestination(file: PdfFile, value: PdfObject | undefined): PdfArray | undefined {
  const resolved = file.resolve(value);
  const array = resolved instanceof PdfDict ? file.resolve(resolved.get('D')) : resolved;
  return Array.isArray(array) && array.length > 0 ? array : undefined;
}

/** The key of the page that an explicit destination of the source names, even if the page is not taken. */
export function pageKeyOf({ tree }: Source, [page]: PdfArray): number | undefined {
  if (page instanceof PdfRef) return page.num;
  // Some writers use page numbers, which only destinations in other files may contain.
  const entry = isInteger(page) ? tree.pages[page] : undefined;
  return entry && isInteger(page) ? pageKey({ entry, sourceIndex: page }) : undefined;
}

/** The placed page of an explicit destination. Undefined if the page is not taken. */
export function pageOfDestination(source: Source, destination: PdfArray): PlacedPage | undefined {
  const key = pageKeyOf(source, destination);
  return key === undefined ? undefined : source.pageOf(key);
}

/** Converts an explicit destination for the result. Returns undefined if its page is not taken. */
export function placedDestination(source: Source, value: PdfObject | undefined): PdfArray | undefined {
  const destination = explicitDestination(source.file, value);
  const page = destination && pageOfDestination(source, destination);
  if (!page) return undefined;
  return [new TargetRef(page.target), ...destination.slice(1).map((item) => source.file.resolve(item))];
}

/** The action of a link or an outline item if it goes to a place in its document (12.6.4.2). */
export function goToAction(file: PdfFile, dict: PdfDict): PdfDict | undefined {
  const action = file.resolve(dict.get('A'));
  return action instanceof PdfDict && isName(file.resolve(action.get('S')), 'GoTo') ? action : undefined;
}

/** The kinds of named destinations: strings are in the name tree, names in the catalog's /Dests (12.3.2.4). */
export type DestinationKind = 'string' | 'name';

/** Values by destination name, for each kind. */
export type DestinationNames<Value> = Readonly<Record<DestinationKind, ReadonlyMap<string, Value>>>;

/** Finds a value by destination name, for each kind. */
export type DestinationLookup<Value> = Readonly<Record<DestinationKind, { get(name: string): Value | undefined }>>;

/** Reads the named destinations of a file. */
export function readDestinationNames(file: PdfFile): DestinationNames<PdfObject> {
  const names = file.catalogEntry('Names');
  const old = file.catalogEntry('Dests');
  return {
    string: readNameTree(file, names instanceof PdfDict ? names.get('Dests') : null),
    name: old instanceof PdfDict ? old : new PdfDict(),
  };
}

/** Looks up a name in its own kind and then in the other, as readers do. */
export function findDestination<Value>(
  names: DestinationLookup<Value>,
  { kind, name }: { readonly kind: DestinationKind; readonly name: string },
): { readonly kind: DestinationKind; readonly value: Value } | undefined {
  const own = names[kind].get(name);
  if (own !== undefined) return { kind, value: own };
  const other = kind === 'string' ? 'name' : 'string';
  const value = names[other].get(name);
  return value === undefined ? undefined : { kind: other, value };
}

/** The name and kind of a named destination. */
export function destinationName(value: PdfObject): { kind: DestinationKind; name: string } | undefined {
  if (value instanceof PdfName) return { kind: 'name', name: value.value };
  return value instanceof PdfString ? { kind: 'string', name: value.bytes.toString('latin1') } : undefined;
}
