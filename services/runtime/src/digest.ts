import { createHash, randomBytes } from 'node:crypto';

const HASH_KEY_BYTES = 32;

/** Returns the SHA-256 of a short content in hexadecimal digits. */
export function digestOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Returns the SHA-256 of the inputs' SHA-256 digests in their order, which is short however many inputs a job has. */
export function digestOfInputs(digests: readonly string[]): string {
  return digestOf(digests.join('\n'));
}

/** Returns a new random key for hashes of secrets. */
export function newHashKey(): Buffer {
  return randomBytes(HASH_KEY_BYTES);
}
