import { createCipheriv, createDecipheriv } from 'node:crypto';

/** Size of a block and of an initialization vector. */
export const AES_BLOCK = 16;

/**
 * Decrypts an initialization vector and CBC blocks with PKCS #7 padding (7.6.3.1). `key` has 16 or 32 bytes. Keeps
 * damaged padding and drops bytes after the last whole block. Returns data that are too short for an initialization
 * vector unchanged.
 */
export function decryptAes(key: Buffer, data: Buffer): Buffer {
  if (data.length < AES_BLOCK) return data;
  const end = data.length - (data.length % AES_BLOCK);
  const plain = decryptBlocks(key, data.subarray(0, AES_BLOCK), data.subarray(AES_BLOCK, end));
  return plain.subarray(0, plain.length - paddingOf(plain));
}

/** Encrypts with padding, as `decryptAes` expects it. */
export function encryptAes(key: Buffer, iv: Buffer, data: Buffer): Buffer {
  const cipher = createCipheriv(cbc(key), key, iv);
  return Buffer.concat([iv, cipher.update(data), cipher.final()]);
}

/** CBC mode without padding. */
export function decryptBlocks(key: Buffer, iv: Buffer, blocks: Buffer): Buffer {
  const decipher = createDecipheriv(cbc(key), key, iv).setAutoPadding(false);
  return decipher.update(blocks);
}

/** The counterpart of `decryptBlocks`. */
export function encryptBlocks(key: Buffer, iv: Buffer, blocks: Buffer): Buffer {
  const cipher = createCipheriv(cbc(key), key, iv).setAutoPadding(false);
  return cipher.update(blocks);
}

function cbc(key: Buffer): 'aes-128-cbc' | 'aes-256-cbc' {
  return key.length === 32 ? 'aes-256-cbc' : 'aes-128-cbc';
}

/** Length of the padding: 1 to 16 bytes that all contain the length. 0 if the padding is invalid. */
function paddingOf(plain: Buffer): number {
  const count = plain[plain.length - 1] ?? 0;
  if (count < 1 || count > AES_BLOCK || count > plain.length) return 0;
  return plain.subarray(plain.length - count).every((byte) => byte === count) ? count : 0;
}
