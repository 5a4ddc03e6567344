import { createCipheriv, randomBytes } from 'node:crypto';
import { PdfDict, PdfName, PdfString } from '../syntax/objects.js';
import { AES_BLOCK, encryptAes } from './aes.js';
import { normalizedUtf8 } from './password.js';
import { SALTS_BYTES, wrapKey } from './revision-6.js';

/** Encrypts the strings and streams of a new document. */
export interface Encryptor {
  /** The encryption dictionary. Its own strings are not encrypted. */
  readonly dict: PdfDict;
  readonly string: (bytes: Buffer) => Buffer;
  /** Encrypts the bytes of a stream after its filters are applied. */
  readonly stream: (bytes: Buffer) => Buffer;
}

interface Options {
  readonly userPassword: string;
  /** Defaults to the user password (7.6.4.4.2), which gives the user all permissions. */
  readonly ownerPassword?: string;
  /** P (ISO 32000-2, table 22). Reserved bits are set correctly. Defaults to all permissions. */
  readonly permissions?: number;
  /** Returns this many random bytes. */
  readonly random?: (bytes: number) => Buffer;
}

const KEY_BYTES = 32;
const CRYPT_FILTER = 'StdCF';
/** Bits 1 and 2 are 0; 7, 8 and 13 to 32 are 1 (table 22). */
const ZERO_BITS = 0b11;
const ONE_BITS = 0xffff_f0c0;
const ALL_ALLOWED = -1;

/** Creates AES-256 encryption (version 5, revision 6) of all strings and streams with one random key (7.6.4). */
export function createEncryption(options: Options): Encryptor {
  const { userPassword, ownerPassword = userPassword, permissions = ALL_ALLOWED, random = randomBytes } = options;
  const key = random(KEY_BYTES);
  const flags = (permissions | ONE_BITS) & ~ZERO_BITS;
  const user = wrapKey(key, normalizedUtf8(userPassword), random(SALTS_BYTES));
  const owner = wrapKey(key, normalizedUtf8(ownerPassword), random(SALTS_BYTES), user.check);
  const dict = PdfDict.of({
    Filter: new PdfName('Standard'),
    V: 5,
    R: 6,
    Length: 8 * KEY_BYTES,
    P: flags,
    O: new PdfString(owner.check),
    OE: new PdfString(owner.wrapped),
    U: new PdfString(user.check),
    UE: new PdfString(user.wrapped),
    Perms: new PdfString(sealPermissions(flags, key, random(4))),
    CF: PdfDict.of({ [CRYPT_FILTER]: cryptFilter() }),
    StmF: new PdfName(CRYPT_FILTER),
    StrF: new PdfName(CRYPT_FILTER),
  });
  const encrypt = (bytes: Buffer): Buffer => encryptAes(key, random(AES_BLOCK), bytes);
  return { dict, string: encrypt, stream: encrypt };
}

function cryptFilter(): PdfDict {
  return PdfDict.of({ CFM: new PdfName('AESV3'), AuthEvent: new PdfName('DocOpen'), Length: KEY_BYTES });
}

/** Perms, which lets readers detect a changed P (algorithm 10). */
function sealPermissions(flags: number, key: Buffer, random: Buffer): Buffer {
  const block = Buffer.alloc(AES_BLOCK, 0xff);
  block.writeInt32LE(flags);
  block.write('Tadb', 8, 'latin1');
  random.copy(block, 12);
  return createCipheriv('aes-256-ecb', key, null).setAutoPadding(false).update(block);
}
