import { createCipheriv, createDecipheriv } from 'node:crypto';

/** Bytes of a block, and so of an initialization vector. */
export const AES_BLOCK = 16;

/**
 * 7.6.3.1: the plain text of an initialization vector and blocks in CBC mode, padded as PKCS #7 has it. `key` holds 16 or 32
 * bytes. Padding that is damaged stays; bytes after the last whole block are dropped; what is too short for an
 * initialization vector cannot be encrypted, and is returned as it is.
 */
export function decryptAes(key: Buffer, data: Buffer): Buffer {
  if (data.length < AES_BLOCK) return data;
  const end = data.length - (data.length % AES_BLOCK);
  const plain = decryptBlocks(key, data.subarray(0, AES_BLOCK), data.subarray(AES_BLOCK, end));
  return plain.subarray(0, plain.length - paddingOf(plain));
}

/** The counterpart of `decryptAes`, which leaves nothing to tolerate. */
export function encryptAes(key: Buffer, iv: Buffer, data: Buffer): Buffer {
  const cipher = createCipheriv(cbc(key), key, iv);
  return Buffer.concat([iv, cipher.update(data), cipher.final()]);
}

/** CBC mode without padding: whole blocks in, whole blocks out. */
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

/** Bytes of padding at the end: 1 to 16 that all give their number; 0 where there is no such thing. */
function paddingOf(plain: Buffer): number {
  const count = plain[plain.length - 1] ?? 0;
  if (count < 1 || count > AES_BLOCK || count > plain.length) return 0;
  return plain.subarray(plain.length - count).every((byte) => byte === count) ? count : 0;
}
