import type { PdfFile } from '../../pdf/file/pdf-file.js';
import { PdfDict, PdfName, PdfRef, PdfString, WrittenRef, isInteger, isName } from '../../pdf/syntax/objects.js';
import type { PdfArray, PdfObject } from '../../pdf/syntax/objects.js';
import type { PlacedPage, Source } from '../source.js';

/** The array of an explicit destination (ISO 32000-2, 12.3.2.2), which a named one may hold in a dictionary. */
export function explicitDestination(file: PdfFile, value: PdfObject | undefined): PdfArray | undefined {
  const resolved = file.resolve(value);
  const array = resolved instanceof PdfDict ? file.resolve(resolved.get('D')) : resolved;
  return Array.isArray(array) && array.length > 0 ? array : undefined;
}

/** The page in the result that an explicit destination of the source names; undefined for one that is not taken. */
export function pageOfDestination(source: Source, destination: PdfArray): PlacedPage | undefined {
  const [page] = destination;
  if (page instanceof PdfRef) return source.pageOf(page.num);
  // Some writers count pages, as only destinations in other files may.
  const entry = isInteger(page) ? source.tree.pages[page] : undefined;
  return entry?.num === undefined ? undefined : source.pageOf(entry.num);
}

/** An explicit destination of the source as one of the result; undefined where its page is not taken. */
export function placedDestination(source: Source, value: PdfObject | undefined): PdfArray | undefined {
  const destination = explicitDestination(source.file, value);
  const page = destination && pageOfDestination(source, destination);
  if (!page) return undefined;
  return [new WrittenRef(page.target), ...destination.slice(1).map((item) => source.file.resolve(item))];
}

/** The action of a link or an outline item, if it goes to a place in its document (12.6.4.2). */
export function goToAction(file: PdfFile, dict: PdfDict): PdfDict | undefined {
  const action = file.resolve(dict.get('A'));
  return action instanceof PdfDict && isName(file.resolve(action.get('S')), 'GoTo') ? action : undefined;
}

/** The name of a named destination with its kind: names and strings are looked up in different places. */
export function destinationName(value: PdfObject): { kind: 'name' | 'string'; name: string } | undefined {
  if (value instanceof PdfName) return { kind: 'name', name: value.value };
  return value instanceof PdfString ? { kind: 'string', name: value.bytes.toString('latin1') } : undefined;
}
