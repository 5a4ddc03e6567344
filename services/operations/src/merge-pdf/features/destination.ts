import { PdfDict, PdfName, PdfRef, PdfString, TargetRef, isInteger, isName, readNameTree } from '@pdf-tools/pdf';
import type { PdfArray, PdfFile, PdfObject } from '@pdf-tools/pdf';
import { pageKey } from '../source.js';
import type { PlacedPage, Source } from '../source.js';

/** The array of an explicit destination (ISO 32000-2, 12.3.2.2), which a named one may hold in a dictionary. */
export function explicitDestination(file: PdfFile, value: PdfObject | undefined): PdfArray | undefined {
  const resolved = file.resolve(value);
  const array = resolved instanceof PdfDict ? file.resolve(resolved.get('D')) : resolved;
  return Array.isArray(array) && array.length > 0 ? array : undefined;
}

/** The key of the page that an explicit destination of the source names, whether it is taken or not. */
export function pageKeyOf({ tree }: Source, [page]: PdfArray): number | undefined {
  if (page instanceof PdfRef) return page.num;
  // Some writers count pages, as only destinations in other files may.
  const entry = isInteger(page) ? tree.pages[page] : undefined;
  return entry && isInteger(page) ? pageKey({ entry, sourceIndex: page }) : undefined;
}

/** The page in the result that an explicit destination of the source names; undefined for one that is not taken. */
export function pageOfDestination(source: Source, destination: PdfArray): PlacedPage | undefined {
  const key = pageKeyOf(source, destination);
  return key === undefined ? undefined : source.pageOf(key);
}

/** An explicit destination of the source as one of the result; undefined where its page is not taken. */
export function placedDestination(source: Source, value: PdfObject | undefined): PdfArray | undefined {
  const destination = explicitDestination(source.file, value);
  const page = destination && pageOfDestination(source, destination);
  if (!page) return undefined;
  return [new TargetRef(page.target), ...destination.slice(1).map((item) => source.file.resolve(item))];
}

/** The action of a link or an outline item, if it goes to a place in its document (12.6.4.2). */
export function goToAction(file: PdfFile, dict: PdfDict): PdfDict | undefined {
  const action = file.resolve(dict.get('A'));
  return action instanceof PdfDict && isName(file.resolve(action.get('S')), 'GoTo') ? action : undefined;
}

/** How a named destination is called: strings are in the name tree, names in the catalog's /Dests (12.3.2.4). */
export type DestinationKind = 'string' | 'name';

/** Values by the names of destinations, for each kind. */
export type DestinationNames<Value> = Readonly<Record<DestinationKind, ReadonlyMap<string, Value>>>;

/** Finds such a value. */
export type DestinationLookup<Value> = Readonly<Record<DestinationKind, { get(name: string): Value | undefined }>>;

/** The named destinations of a file. */
export function readDestinationNames(file: PdfFile): DestinationNames<PdfObject> {
  const names = file.catalogEntry('Names');
  const old = file.catalogEntry('Dests');
  return {
    string: readNameTree(file, names instanceof PdfDict ? names.get('Dests') : null),
    name: old instanceof PdfDict ? old : new PdfDict(),
  };
}

/** Looks a name up in its own kind, then in the other, as readers do. */
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

/** The name of a named destination with its kind. */
export function destinationName(value: PdfObject): { kind: DestinationKind; name: string } | undefined {
  if (value instanceof PdfName) return { kind: 'name', name: value.value };
  return value instanceof PdfString ? { kind: 'string', name: value.bytes.toString('latin1') } : undefined;
}
