import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '@pdf-tools/harness/documents/random';
import { decryptAes, encryptAes, encryptBlocks } from './aes.js';

const iv = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
const key = Buffer.from('2b7e151628aed2a6abf7158809cf4f3c', 'hex');
const longKey = Buffer.from('603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4', 'hex');
const plain = Buffer.from('6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51', 'hex');

/** An initialization vector and the encryption of exactly these bytes. */
const sealed = (text: string): Buffer => Buffer.concat([iv, encryptBlocks(key, iv, Buffer.from(text, 'latin1'))]);

describe('decryptAes', () => {
  it.each([
    ['128', key, '7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2'],
    ['256', longKey, 'f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d'],
  ])('decrypts the blocks of NIST SP 800-38A with a key of %s bits', (_, used, blocks) => {
    expect(decryptAes(used, Buffer.concat([iv, Buffer.from(blocks, 'hex')]))).toEqual(plain);
  });

  it('decrypts what was encrypted, for any length', () => {
    const random = new SeededRandom(1);
    for (let length = 0; length <= 50; length += 1) {
      const data = random.bytes(length);
      const encrypted = encryptAes(longKey, iv, data);
      expect(encrypted).toHaveLength(32 + length - (length % 16));
      expect(decryptAes(longKey, encrypted)).toEqual(data);
    }
  });

  it.each([
    ['a whole block of padding', '\x10'.repeat(16), ''],
    ['padding whose bytes differ', `0123456789abcd\x01\x02`, `0123456789abcd\x01\x02`],
    ['padding of no bytes', '0123456789abcde\0', '0123456789abcde\0'],
    ['padding of more than a block', '0123456789abcde\x11', '0123456789abcde\x11'],
    ['no padding', '0123456789abcdef', '0123456789abcdef'],
  ])('removes valid padding: %s', (_, blocks, expected) => {
    expect(decryptAes(key, sealed(blocks)).toString('latin1')).toBe(expected);
  });

  it('keeps every whole block of truncated or extended data', () => {
    const whole = sealed('0123456789abcdef0123456789abcd\x02\x02');
    expect(decryptAes(key, Buffer.concat([whole, Buffer.from('\r\n')])).toString()).toBe(
      '0123456789abcdef0123456789abcd',
    );
    for (let length = 0; length < whole.length; length += 1) {
      const bytes = decryptAes(key, whole.subarray(0, length));
      if (length < 16) expect(bytes).toEqual(whole.subarray(0, length));
      else expect(bytes.toString()).toBe(length < 32 ? '' : '0123456789abcdef');
    }
  });
});
