import { PdfDict, PdfName, isName } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import { invalidEntry, unsupported } from './errors.js';

/** How bytes are encrypted (ISO 32000-2, table 25, CFM); `None` is not at all. */
export type CryptMethod = 'None' | 'V2' | 'AESV2' | 'AESV3';

const IDENTITY = 'Identity';

/** 7.6.6: which bytes of a document are encrypted how. */
export interface CryptFilters {
  readonly streams: CryptMethod;
  readonly strings: CryptMethod;
  readonly embeddedFiles: CryptMethod;
  /** The method of a filter by its name; undefined where the document has no such filter, or one of another method. */
  named(name: string): CryptMethod | undefined;
}

/**
 * Before version 4 all bytes are encrypted with RC4. Throws the `PdfError` `corrupt_pdf` where a default filter does not exist
 * or has a method that is not supported.
 */
export function readCryptFilters(encrypt: PdfDict, version: number): CryptFilters {
  if (version < 4) return { streams: 'V2', strings: 'V2', embeddedFiles: 'V2', named: () => undefined };
  const filters = encrypt.get('CF');
  const cfmOf = (name: string): string | undefined => {
    if (name === IDENTITY) return 'None';
    const filter = filters instanceof PdfDict ? filters.get(name) : undefined;
    return filter instanceof PdfDict ? nameOf(filter.get('CFM'), 'None') : undefined;
  };
  const methodFor = (key: string, absent: string): CryptMethod => {
    const cfm = cfmOf(nameOf(encrypt.get(key), absent));
    if (cfm === undefined) throw invalidEntry(key);
    const method = methodOf(cfm, version);
    if (!method) throw unsupported(`Standard with ${cfm}`);
    return method;
  };
  return {
    streams: methodFor('StmF', IDENTITY),
    strings: methodFor('StrF', IDENTITY),
    embeddedFiles: methodFor('EFF', nameOf(encrypt.get('StmF'), IDENTITY)),
    named: (name) => methodOf(cfmOf(name), version),
  };
}

/** AESV3 takes keys of 256 bits, which only version 5 has; there some writers say AESV2 for it. */
function methodOf(cfm: string | undefined, version: number): CryptMethod | undefined {
  if (cfm === 'None' || cfm === 'V2') return cfm;
  if (version === 5) return cfm === 'AESV2' || cfm === 'AESV3' ? 'AESV3' : undefined;
  return cfm === 'AESV2' ? cfm : undefined;
}

/**
 * 7.4.10: the crypt filter that a stream names for itself: the Name in the parameters of its filter Crypt. Undefined where
 * it has no filter Crypt.
 */
export function ownCryptFilter(dict: PdfDict): string | undefined {
  const filter = dict.get('Filter');
  const filters = Array.isArray(filter) ? filter : [filter];
  const index = filters.findIndex((one) => isName(one, 'Crypt'));
  if (index < 0) return undefined;
  const parms = dict.get('DecodeParms');
  const own = Array.isArray(parms) ? parms[index] : parms;
  return own instanceof PdfDict ? nameOf(own.get('Name'), IDENTITY) : IDENTITY;
}

function nameOf(object: PdfObject | undefined, absent: string): string {
  return object instanceof PdfName ? object.value : absent;
}
