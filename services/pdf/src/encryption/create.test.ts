import { createDecipheriv } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '@pdf-tools/harness/documents/random';
import { PdfDict, PdfString } from '../syntax/objects.js';
import { createEncryption } from './create.js';
import { openEncryption } from './open.js';

const NO_ID = Buffer.alloc(0);
const data = new SeededRandom(1).mixture(5000);
const seeded = (seed: number): ((bytes: number) => Buffer) => {
  const random = new SeededRandom(seed);
  return (bytes) => random.bytes(bytes);
};

describe('createEncryption', () => {
  it.each([
    ['passwords of ASCII', 'user', 'owner'],
    ['an empty user password', '', 'owner'],
    ['passwords of other characters', 'pässwörd €', '所有者 😀'],
    ['passwords that need normalizing', 'ﬁne', 'u\u0308ber'],
    ['passwords that are too long', 'u'.repeat(500), 'o'.repeat(500)],
  ])('creates documents that openEncryption opens: %s', (_, userPassword, ownerPassword) => {
    const { dict, string, stream } = createEncryption({ userPassword, ownerPassword });
    for (const [password, openedAs] of [
      [userPassword, 'user'],
      [ownerPassword, 'owner'],
    ] as const) {
      const decryptor = openEncryption(dict, NO_ID, password);
      expect(decryptor.openedAs).toBe(openedAs);
      expect(decryptor.string(string(data), 1, 0)).toEqual(data);
      expect(decryptor.stream(stream(data), 2, 0, new PdfDict())).toEqual(data);
      expect(decryptor.string(string(NO_ID), 1, 0)).toHaveLength(0);
    }
    expect(() => openEncryption(dict, NO_ID, 'wrong')).toThrow(expect.objectContaining({ code: 'password_wrong' }));
    if (userPassword === '') expect(openEncryption(dict, NO_ID, undefined).openedAs).toBe('user');
    else {
      expect(() => openEncryption(dict, NO_ID, undefined)).toThrow(
        expect.objectContaining({ code: 'password_required' }),
      );
    }
  });

  it('uses the user password if no owner password is given', () => {
    const { dict } = createEncryption({ userPassword: 'user' });
    expect(openEncryption(dict, NO_ID, 'user').openedAs).toBe('owner');
  });

  it('accepts passwords that are equal after normalization', () => {
    const { dict } = createEncryption({ userPassword: 'über', ownerPassword: 'owner' });
    expect(openEncryption(dict, NO_ID, 'u\u0308ber').openedAs).toBe('user');
  });

  it.each([
    [undefined, -4],
    [-1, -4],
    [0, -3904],
    [4, -3900],
    [-2056, -2056],
    [2 ** 32 - 4, -4],
  ])('sets the reserved bits of the permissions %p', (permissions, expected) => {
    const options = permissions === undefined ? {} : { permissions };
    const { dict } = createEncryption({ userPassword: '', ownerPassword: 'owner', ...options });
    expect(dict.get('P')).toBe(expected);
    expect(openEncryption(dict, NO_ID, undefined).permissions).toBe(expected);
  });

  it('protects the permissions with the file key', () => {
    let key: Buffer = NO_ID;
    const random = seeded(3);
    const { dict } = createEncryption({
      userPassword: 'user',
      permissions: -2056,
      random: (bytes) => {
        const made = random(bytes);
        if (key.length === 0) key = made;
        return made;
      },
    });
    const sealed = dict.get('Perms');
    if (!(sealed instanceof PdfString)) throw new TypeError('no Perms');
    const block = createDecipheriv('aes-256-ecb', key, null).setAutoPadding(false).update(sealed.bytes);
    expect(block.readInt32LE(0)).toBe(-2056);
    expect(block.subarray(4, 12).toString('latin1')).toBe('\xff\xff\xff\xffTadb');
  });

  it('depends only on the random bytes, which differ for each string', () => {
    const make = (): Buffer[] => {
      const { dict, string } = createEncryption({ userPassword: 'user', random: seeded(7) });
      const user = dict.get('U');
      return [user instanceof PdfString ? user.bytes : NO_ID, string(data), string(data)];
    };
    const first = make();
    expect(make()).toEqual(first);
    expect(first[1]).not.toEqual(first[2]);
    const one = createEncryption({ userPassword: 'user' });
    const other = createEncryption({ userPassword: 'user' });
    expect(one.dict.get('U')).not.toEqual(other.dict.get('U'));
  });
});
