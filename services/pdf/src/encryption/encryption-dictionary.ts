import { PdfName, PdfString, isInteger } from '../syntax/objects.js';
import type { PdfDict } from '../syntax/objects.js';
import { readCryptFilters } from './crypt-filters.js';
import type { CryptFilters } from './crypt-filters.js';
import { invalidEntry, unsupported } from './errors.js';

/** An encryption dictionary of the standard security handler (7.6.2, table 20; 7.6.4.2, table 21). */
export interface Encryption {
  readonly revision: number;
  /** What the file key may be long, in bytes, the likeliest first. */
  readonly keyLengths: readonly number[];
  /** O and U, which check passwords; from revision 5 on OE and UE, which hold the file key. */
  readonly owner: Buffer;
  readonly user: Buffer;
  readonly ownerKey: Buffer;
  readonly userKey: Buffer;
  /** P: a set of flags (table 22) as a signed number of 32 bits. */
  readonly permissions: number;
  readonly encryptMetadata: boolean;
  readonly filters: CryptFilters;
}

const REVISIONS = new Map([
  [1, [2, 3]],
  [2, [2, 3]],
  [4, [4]],
  [5, [5, 6]],
]);

/** Throws a `PdfError`: `password_required` for another handler, `corrupt_pdf` for an entry that makes no sense. */
export function readEncryption(encrypt: PdfDict): Encryption {
  const handler = encrypt.get('Filter');
  if (!(handler instanceof PdfName)) throw invalidEntry('Filter');
  if (handler.value !== 'Standard') throw unsupported(handler.value);
  const version = integer(encrypt, 'V');
  const revision = integer(encrypt, 'R');
  if (!REVISIONS.get(version)?.includes(revision)) throw unsupported(`Standard, V ${version}, R ${revision}`);
  return {
    revision,
    keyLengths: version === 5 ? [32] : rc4KeyLengths(encrypt, revision),
    ...readKeys(encrypt, revision),
    permissions: integer(encrypt, 'P') | 0,
    encryptMetadata: version < 4 || encrypt.get('EncryptMetadata') !== false,
    filters: readCryptFilters(encrypt, version),
  };
}

function readKeys(encrypt: PdfDict, revision: number): Pick<Encryption, 'owner' | 'user' | 'ownerKey' | 'userKey'> {
  if (revision >= 5) {
    return {
      owner: bytes(encrypt, 'O', 48),
      user: bytes(encrypt, 'U', 48),
      ownerKey: bytes(encrypt, 'OE', 32),
      userKey: bytes(encrypt, 'UE', 32),
    };
  }
  const none = Buffer.alloc(0);
  const userBytes = revision === 2 ? 32 : 16;
  return { owner: bytes(encrypt, 'O', 32), user: bytes(encrypt, 'U', userBytes), ownerKey: none, userKey: none };
}

/**
 * 5 in revision 2. After it writers give Length in bits, in bytes or wrongly, so that what it says comes first and the two
 * lengths that are in use after it: the check of the password tells which is right.
 */
function rc4KeyLengths(encrypt: PdfDict, revision: number): number[] {
  if (revision === 2) return [5];
  const length = encrypt.get('Length');
  const declared = isInteger(length) ? (length < 40 ? length : length / 8) : 5;
  return [...new Set([declared, 16, 5])].filter((size) => Number.isInteger(size) && size >= 5 && size <= 16);
}

function integer(encrypt: PdfDict, key: string): number {
  const value = encrypt.get(key);
  if (!isInteger(value)) throw invalidEntry(key);
  return value;
}

/** The first bytes of a string; some writers fill it up with more. */
function bytes(encrypt: PdfDict, key: string, count: number): Buffer {
  const value = encrypt.get(key);
  if (!(value instanceof PdfString) || value.bytes.length < count) throw invalidEntry(key);
  return value.bytes.subarray(0, count);
}
