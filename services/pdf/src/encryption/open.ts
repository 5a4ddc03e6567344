import { createHash } from 'node:crypto';
import { PdfError } from '../errors.js';
import { isName } from '../syntax/objects.js';
import type { PdfDict } from '../syntax/objects.js';
import { decryptAes } from './aes.js';
import { ownCryptFilter } from './crypt-filters.js';
import type { CryptMethod } from './crypt-filters.js';
import { readEncryption } from './encryption-dictionary.js';
import type { Encryption } from './encryption-dictionary.js';
import { passwordBytes } from './password.js';
import { Rc4 } from './rc4.js';
import { unlockRevision4 } from './revision-4.js';
import { unlockRevision6 } from './revision-6.js';
import type { Unlocked } from './unlocked.js';

/**
 * Decrypts the strings and streams of a document. Not for strings of the encryption dictionary or in object streams,
 * which are not encrypted one by one. Decrypts damaged data as far as possible and never throws.
 */
export interface Decryptor {
  readonly openedAs: 'user' | 'owner';
  /** P is a set of flags (ISO 32000-2, table 22) as a signed 32-bit number. */
  readonly permissions: number;
  /** Decrypts a string in the indirect object with this number and generation. */
  string(bytes: Buffer, num: number, gen: number): Buffer;
  /** Decrypts the encoded bytes of a stream, before its filters are applied. */
  stream(bytes: Buffer, num: number, gen: number, dict: PdfDict): Buffer;
}

/**
 * Opens a document encrypted by the standard security handler (revisions 2 to 6; 7.6.4). `encrypt` contains only direct
 * objects. `firstId` is the first string of the trailer's ID, or empty. The empty user password is always tried. Throws
 * `password_required` (also for another handler), `password_wrong`, or `corrupt_pdf` for an invalid dictionary.
 */
export function openEncryption(encrypt: PdfDict, firstId: Buffer, password: string | undefined): Decryptor {
  const encryption = readEncryption(encrypt);
  for (const bytes of passwordBytes(password ?? '', encryption.revision)) {
    const unlocked = unlock(encryption, firstId, bytes);
    if (unlocked) return new StandardDecryptor(encryption, unlocked);
  }
  if (password) throw new PdfError('password_wrong', 'cannot be opened with this password');
  throw new PdfError('password_required', 'needs a password');
}

function unlock(encryption: Encryption, id: Buffer, password: Buffer): Unlocked | undefined {
  return encryption.revision >= 5 ? unlockRevision6(encryption, password) : unlockRevision4(encryption, id, password);
}

class StandardDecryptor implements Decryptor {
  readonly openedAs: 'user' | 'owner';
  readonly permissions: number;
  readonly #encryption: Encryption;
  readonly #key: Buffer;

  constructor(encryption: Encryption, { key, openedAs }: Unlocked) {
    this.openedAs = openedAs;
    this.permissions = encryption.permissions;
    this.#encryption = encryption;
    this.#key = key;
  }

  string(bytes: Buffer, num: number, gen: number): Buffer {
    return this.#decrypt(this.#encryption.filters.strings, bytes, num, gen);
  }

  stream(bytes: Buffer, num: number, gen: number, dict: PdfDict): Buffer {
    return this.#decrypt(streamMethod(this.#encryption, dict), bytes, num, gen);
  }

  #decrypt(method: CryptMethod, bytes: Buffer, num: number, gen: number): Buffer {
    switch (method) {
      case 'None':
        return bytes;
      case 'V2':
        return new Rc4(objectKey(this.#key, num, gen, method)).process(bytes);
      case 'AESV2':
        return decryptAes(objectKey(this.#key, num, gen, method), bytes);
      case 'AESV3':
        return decryptAes(this.#key, bytes);
    }
  }
}

/** The crypt filter of the stream, else that of its kind, else that of all streams (7.6.6). */
function streamMethod({ filters, encryptMetadata }: Encryption, dict: PdfDict): CryptMethod {
  const type = dict.get('Type');
  if (isName(type, 'XRef')) return 'None';
  const own = ownCryptFilter(dict);
  if (own !== undefined) return filters.named(own) ?? filters.streams;
  if (isName(type, 'Metadata') && !encryptMetadata) return 'None';
  return isName(type, 'EmbeddedFile') ? filters.embeddedFiles : filters.streams;
}

const AES_SALT = Buffer.from('sAlT');
const MAX_OBJECT_KEY = 16;

/** 7.6.3.2, algorithm 1. AES keys always have 16 bytes. */
function objectKey(key: Buffer, num: number, gen: number, method: 'V2' | 'AESV2'): Buffer {
  const numbers = Buffer.from([num, num >> 8, num >> 16, gen, gen >> 8]);
  const hash = createHash('md5').update(key).update(numbers);
  if (method === 'AESV2') return hash.update(AES_SALT).digest();
  return hash.digest().subarray(0, Math.min(key.length + numbers.length, MAX_OBJECT_KEY));
}
