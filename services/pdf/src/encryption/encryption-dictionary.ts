import { PdfName, PdfString, isInteger } from '../syntax/objects.js';
import type { PdfDict } from '../syntax/objects.js';
import { readCryptFilters } from './crypt-filters.js';
import type { CryptFilters } from './crypt-filters.js';
import { invalidEntry, unsupported } from './errors.js';

/** An encryption dictionary of the standard security handler (7.6.2, table 20; 7.6.4.2, table 21). */
export interface Encryption {
  readonly revision: number;
  /** Possible lengths of the file key in bytes, the most likely first. */
  readonly keyLengths: readonly number[];
  /** O and U verify passwords. From revision 5 on, OE and UE contain the file key. */
  readonly owner: Buffer;
  readonly user: Buffer;
  readonly ownerKey: Buffer;
  readonly userKey: Buffer;
  /** P is a set of flags (table 22) as a signed 32-bit number. */
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

/** Throws `password_required` for another security handler and `corrupt_pdf` for an invalid entry. */
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
 * Revision 2 uses 5 bytes. Later writers give Length in bits, in bytes or wrongly. The declared length is tried first,
 * then the two common ones, and the password check decides.
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

/** The first bytes of a string. Some writers pad it. */
function bytes(encrypt: PdfDict, key: string, count: number): Buffer {
  const value = encrypt.get(key);
  if (!(value instanceof PdfString) || value.bytes.length < count) throw invalidEntry(key);
  return value.bytes.subarray(0, count);
}
