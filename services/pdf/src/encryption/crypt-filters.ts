import { PdfDict, PdfName, isName } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import { invalidEntry, unsupported } from './errors.js';

/** An encryption method (ISO 32000-2, table 25, CFM). */
export type CryptMethod = 'None' | 'V2' | 'AESV2' | 'AESV3';

const IDENTITY = 'Identity';

/** The encryption method of each kind of data (7.6.6). */
export interface CryptFilters {
  readonly streams: CryptMethod;
  readonly strings: CryptMethod;
  readonly embeddedFiles: CryptMethod;
  /** The method of a named filter. Undefined if the filter does not exist or its method is not supported. */
  named(name: string): CryptMethod | undefined;
}

/**
 * Before version 4 everything is encrypted with RC4. Throws `corrupt_pdf` if a default filter does not exist or its
 * method is not supported.
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

/** AESV3 needs keys of 256 bits and so version 5. Some writers call it AESV2 there. */
function methodOf(cfm: string | undefined, version: number): CryptMethod | undefined {
  if (cfm === 'None' || cfm === 'V2') return cfm;
  if (version === 5) return cfm === 'AESV2' || cfm === 'AESV3' ? 'AESV3' : undefined;
  return cfm === 'AESV2' ? cfm : undefined;
}

/** The crypt filter in the parameters of a stream's Crypt filter (7.4.10). Undefined without a Crypt filter. */
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
