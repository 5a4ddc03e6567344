import { createHash } from 'node:crypto';
import type { Encryption } from './encryption-dictionary.js';
import { Rc4 } from './rc4.js';
import type { Unlocked } from './unlocked.js';

const PASSWORD_BYTES = 32;
/** The padding of passwords (7.6.4.3.2). */
const PADDING = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex');
const ROUNDS_OF_MD5 = 50;
const ROUNDS_OF_RC4 = 20;
const DIGEST_BYTES = 16;
const MAX_KEY_BYTES = 16;

/** Returns the file key if the password is the owner's or the user's (7.6.4.3 and 7.6.4.4, revisions 2 to 4). */
export function unlockRevision4(encryption: Encryption, id: Buffer, password: Buffer): Unlocked | undefined {
  const padded = pad(password);
  for (const length of encryption.keyLengths) {
    const asOwner = userPasswords(encryption, padded, length).map((user) => ({ user, openedAs: 'owner' }) as const);
    for (const { user, openedAs } of [...asOwner, { user: padded, openedAs: 'user' } as const]) {
      const key = fileKey(encryption, id, user, length);
      if (isFileKey(encryption, id, key)) return { key: fillUp(encryption, key), openedAs };
    }
  }
  return undefined;
}

/** The first 32 bytes of the password and the padding (algorithm 2). */
function pad(password: Buffer): Buffer {
  return Buffer.concat([password, PADDING]).subarray(0, PASSWORD_BYTES);
}

/** Algorithm 2. */
function fileKey(encryption: Encryption, id: Buffer, padded: Buffer, length: number): Buffer {
  const { revision, owner, permissions, encryptMetadata } = encryption;
  const flags = Buffer.alloc(4);
  flags.writeInt32LE(permissions);
  const tail = revision >= 4 && !encryptMetadata ? Buffer.alloc(4, 0xff) : Buffer.alloc(0);
  let key = md5(padded, owner, flags, id, tail).subarray(0, length);
  if (revision >= 3) for (let round = 0; round < ROUNDS_OF_MD5; round += 1) key = md5(key).subarray(0, length);
  return key;
}

/**
 * The padded user password if this is the owner password (algorithm 7). Keys shorter than 16 bytes have two candidates,
 * because the standard hashes the whole digest repeatedly and some writers hash only as much as the key uses.
 */
function userPasswords({ revision, owner }: Encryption, padded: Buffer, length: number): Buffer[] {
  if (revision === 2) return [new Rc4(md5(padded).subarray(0, length)).process(owner)];
  return [...new Set([length, DIGEST_BYTES])].map((hashed) => {
    let digest = md5(padded);
    for (let round = 0; round < ROUNDS_OF_MD5; round += 1) digest = md5(digest.subarray(0, hashed));
    return rc4Rounds(digest.subarray(0, length), owner, 'down');
  });
}

/** Algorithms 4, 5 and 6. */
function isFileKey({ revision, user }: Encryption, id: Buffer, key: Buffer): boolean {
  if (revision === 2) return new Rc4(key).process(PADDING).equals(user);
  return rc4Rounds(key, md5(PADDING, id), 'up').equals(user.subarray(0, DIGEST_BYTES));
}

/** In revision 4 readers pad shorter keys with zeros to 16 bytes. The standard has no such keys. */
function fillUp({ revision }: Encryption, key: Buffer): Buffer {
  return revision === 4 ? Buffer.concat([key, Buffer.alloc(MAX_KEY_BYTES - key.length)]) : key;
}

/** Applies RC4 with 20 keys. Each has the bytes of the key XOR the number of the round. */
function rc4Rounds(key: Buffer, data: Buffer, order: 'up' | 'down'): Buffer {
  let result = data;
  for (let step = 0; step < ROUNDS_OF_RC4; step += 1) {
    const round = order === 'up' ? step : ROUNDS_OF_RC4 - 1 - step;
    result = new Rc4(key.map((byte) => byte ^ round)).process(result);
  }
  return result;
}

function md5(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
