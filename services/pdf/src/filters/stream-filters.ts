import { PdfDict, PdfName } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import { canonicalFilter } from './decode.js';
import type { Filter } from './decode.js';

/** Resolves references and returns direct objects unchanged. */
export type Resolve = (object: PdfObject | undefined) => PdfObject | undefined;

const direct: Resolve = (object) => object;

/** The filters of a stream in the order of decoding (ISO 32000-2, table 5). */
export function filtersOf(dict: PdfDict, resolve: Resolve = direct): Filter[] {
  const names = list(resolve(dict.get('Filter')));
  const parms = list(resolve(dict.get('DecodeParms')));
  return names.flatMap((item, at) => {
    const name = resolve(item);
    if (!(name instanceof PdfName)) return [];
    const dictionary = resolve(parms[at]);
    return [{ name: canonicalFilter(name.value), parms: dictionary instanceof PdfDict ? dictionary : undefined }];
  });
}

function list(object: PdfObject | undefined): PdfObject[] {
  if (object === undefined || object === null) return [];
  return Array.isArray(object) ? object : [object];
}
