import { createHash } from 'node:crypto';
import { AES_BLOCK, decryptBlocks, encryptBlocks } from './aes.js';
import type { Encryption } from './encryption-dictionary.js';
import type { Unlocked } from './unlocked.js';

const HASH_BYTES = 32;
const SALT_BYTES = 8;
/** Random bytes of O and of U, a salt for the check of the password and one for the key. */
export const SALTS_BYTES = 2 * SALT_BYTES;
const NOTHING = Buffer.alloc(0);
const ZERO_IV = Buffer.alloc(AES_BLOCK);
const REPEATS = 64;
const LEAST_ROUNDS = 64;
const DIGESTS = ['sha256', 'sha384', 'sha512'] as const;

type Hash = (password: Buffer, salt: Buffer, user: Buffer) => Buffer;

/** Returns the file key if the password is the owner's or the user's (7.6.4.3.3, algorithm 2.A, revisions 5 and 6). */
export function unlockRevision6(encryption: Encryption, password: Buffer): Unlocked | undefined {
  const { revision, owner, user, ownerKey, userKey } = encryption;
  const hash = revision === 5 ? hashRevision5 : hashRevision6;
  const asOwner = unwrap({ check: owner, wrapped: ownerKey }, (salt) => hash(password, salt, user));
  if (asOwner) return { key: asOwner, openedAs: 'owner' };
  const asUser = unwrap({ check: user, wrapped: userKey }, (salt) => hash(password, salt, NOTHING));
  return asUser && { key: asUser, openedAs: 'user' };
}

/** A file key encrypted by a password: O and OE, or U and UE. `check` is a hash of the password and the two salts. */
export interface WrappedKey {
  readonly check: Buffer;
  readonly wrapped: Buffer;
}

/** Algorithms 8 and 9 for revision 6. `user` is U if the password is the owner's, else empty. */
export function wrapKey(key: Buffer, password: Buffer, salts: Buffer, user: Buffer = NOTHING): WrappedKey {
  const check = hashRevision6(password, salts.subarray(0, SALT_BYTES), user);
  const wrapping = hashRevision6(password, salts.subarray(SALT_BYTES), user);
  return { check: Buffer.concat([check, salts]), wrapped: encryptBlocks(wrapping, ZERO_IV, key) };
}

function unwrap({ check, wrapped }: WrappedKey, hash: (salt: Buffer) => Buffer): Buffer | undefined {
  const expected = check.subarray(0, HASH_BYTES);
  const salts = check.subarray(HASH_BYTES);
  if (!hash(salts.subarray(0, SALT_BYTES)).equals(expected)) return undefined;
  return decryptBlocks(hash(salts.subarray(SALT_BYTES)), ZERO_IV, wrapped);
}

/** Revision 5, of Adobe's extension level 3 to ISO 32000-1. ISO 32000-2 deprecates it. */
const hashRevision5: Hash = (password, salt, user) =>
  createHash('sha256').update(password).update(salt).update(user).digest();

/** Algorithm 2.B. Ends after at most 287 rounds. */
const hashRevision6: Hash = (password, salt, user) => {
  let digest = hashRevision5(password, salt, user);
  for (let round = 1; ; round += 1) {
    const unit = Buffer.concat([password, digest, user]);
    const repeated = Buffer.alloc(REPEATS * unit.length, unit);
    const encrypted = encryptBlocks(digest.subarray(0, 16), digest.subarray(16, 32), repeated);
    digest = createHash(digestAfter(encrypted)).update(encrypted).digest();
    if (round >= LEAST_ROUNDS && (encrypted[encrypted.length - 1] ?? 0) <= round - 32) break;
  }
  return digest.subarray(0, HASH_BYTES);
};

/** The first 16 bytes as a number modulo 3. This equals their sum modulo 3, because 256 modulo 3 is 1. */
function digestAfter(encrypted: Buffer): (typeof DIGESTS)[number] {
  let sum = 0;
  for (const byte of encrypted.subarray(0, 16)) sum += byte;
  return DIGESTS[sum % 3] ?? DIGESTS[0];
}
