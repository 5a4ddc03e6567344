import { describe, expect, it } from '@jest/globals';
import { ENCRYPTION_VECTORS, OBJECT, PLAIN } from '@pdf-tools/harness/documents/encryption-vectors';
import type { EncryptionVector } from '@pdf-tools/harness/documents/encryption-vectors';
import { PdfDict, PdfName, PdfString } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import { openEncryption } from './open.js';

const METADATA = PdfDict.of({ Type: new PdfName('Metadata'), Subtype: new PdfName('XML') });

function vector(name: string): EncryptionVector {
  const found = ENCRYPTION_VECTORS.find((one) => one.name === name);
  if (!found) throw new TypeError(name);
  return found;
}

/** The vector's dictionary with changed entries. Undefined removes an entry. */
function changed(name: string, entries: Readonly<Record<string, PdfObject | undefined>>): PdfDict {
  const dict = new PdfDict(vector(name).encrypt);
  for (const [key, value] of Object.entries(entries)) {
    if (value === undefined) dict.delete(key);
    else dict.set(key, value);
  }
  return dict;
}

function expectPlain({ encrypt, id, string, stream, metadata }: EncryptionVector, password: string | undefined): void {
  const decryptor = openEncryption(encrypt, id, password);
  expect(decryptor.string(string, OBJECT.string, 0).toString()).toBe(PLAIN.string);
  expect(decryptor.stream(stream, OBJECT.stream, 0, new PdfDict()).toString()).toBe(PLAIN.stream);
  if (metadata) expect(decryptor.stream(metadata, OBJECT.metadata, 0, METADATA).toString()).toBe(PLAIN.metadata);
}

describe.each(ENCRYPTION_VECTORS.map((one) => [one.name, one] as const))('openEncryption, %s', (_, one) => {
  it("opens with the user's password", () => {
    expect(openEncryption(one.encrypt, one.id, one.userPassword).openedAs).toBe('user');
    expectPlain(one, one.userPassword);
  });

  it("opens with the owner's password", () => {
    expect(openEncryption(one.encrypt, one.id, one.ownerPassword).openedAs).toBe('owner');
    expectPlain(one, one.ownerPassword);
  });

  it('rejects another password', () => {
    for (const password of ['wrong', `${one.ownerPassword} `, one.ownerPassword.toUpperCase(), '中']) {
      expect(() => openEncryption(one.encrypt, one.id, password)).toThrow(
        expect.objectContaining({ code: 'password_wrong', message: 'cannot be opened with this password' }),
      );
    }
  });

  it('asks for a password unless the empty one opens the file', () => {
    for (const password of [undefined, '']) {
      if (one.userPassword === '') expectPlain(one, password);
      else {
        expect(() => openEncryption(one.encrypt, one.id, password)).toThrow(
          expect.objectContaining({ code: 'password_required', message: 'needs a password' }),
        );
      }
    }
  });

  it('returns the permissions as a signed number', () => {
    const { permissions } = openEncryption(one.encrypt, one.id, one.userPassword);
    expect(permissions).toBe(one.encrypt.get('P'));
  });
});

describe('openEncryption', () => {
  it('accepts permissions as an unsigned number', () => {
    const { id } = vector('R3, 128 bits');
    const encrypt = changed('R3, 128 bits', { P: 2 ** 32 - 4 });
    expect(openEncryption(encrypt, id, 'üser').permissions).toBe(-4);
  });

  it.each<[name: string, length: PdfObject | undefined]>([
    ['R3, 128 bits', 16],
    ['R3, 128 bits', undefined],
    ['R3, 128 bits', 40],
    ['R3, 128 bits', 77],
    ['R3, 128 bits', -8],
    ['R3, 40 bits', undefined],
    ['R3, 40 bits', 128],
    ['R2, 40 bits', 128],
    ['R4, AES', 40],
    ['R4, AES', undefined],
    ['R4, RC4', new PdfName('Long')],
    ['R6', 128],
  ])('opens %s if its Length is %p', (name, length) => {
    const one = vector(name);
    expectPlain({ ...one, encrypt: changed(name, { Length: length }) }, one.userPassword);
  });

  it('reads AESV2 as AESV3 in version 5', () => {
    const one = vector('R6');
    const encrypt = changed('R6', { CF: PdfDict.of({ StdCF: PdfDict.of({ CFM: new PdfName('AESV2') }) }) });
    expectPlain({ ...one, encrypt }, one.userPassword);
  });

  it('accepts padded O and U, and a U of 16 bytes', () => {
    for (const name of ['R3, 128 bits', 'R6']) {
      const one = vector(name);
      const longer = (key: string): PdfString => {
        const value = one.encrypt.get(key);
        return new PdfString(
          Buffer.concat([value instanceof PdfString ? value.bytes : Buffer.alloc(0), Buffer.alloc(79)]),
        );
      };
      expectPlain({ ...one, encrypt: changed(name, { O: longer('O'), U: longer('U') }) }, one.ownerPassword);
    }
    const one = vector('R3, 128 bits');
    const user = one.encrypt.get('U');
    if (!(user instanceof PdfString)) throw new TypeError('no U');
    const encrypt = changed(one.name, { U: new PdfString(user.bytes.subarray(0, 16)) });
    expectPlain({ ...one, encrypt }, one.userPassword);
  });

  it.each<[name: string, entries: Readonly<Record<string, PdfObject | undefined>>, key: string]>([
    ['R2, 40 bits', { Filter: undefined }, 'Filter'],
    ['R2, 40 bits', { V: undefined }, 'V'],
    ['R2, 40 bits', { R: new PdfName('2') }, 'R'],
    ['R2, 40 bits', { P: undefined }, 'P'],
    ['R2, 40 bits', { P: 0.5 }, 'P'],
    ['R2, 40 bits', { O: PdfString.latin1('short') }, 'O'],
    ['R2, 40 bits', { U: PdfString.latin1('x'.repeat(31)) }, 'U'],
    ['R3, 128 bits', { U: PdfString.latin1('x'.repeat(15)) }, 'U'],
    ['R4, AES', { CF: undefined }, 'StmF'],
    ['R4, AES', { CF: 7 }, 'StmF'],
    ['R4, AES', { StrF: new PdfName('Other') }, 'StrF'],
    ['R4, AES', { EFF: new PdfName('Other') }, 'EFF'],
    ['R6', { O: PdfString.latin1('x'.repeat(47)) }, 'O'],
    ['R6', { OE: undefined }, 'OE'],
    ['R6', { UE: PdfString.latin1('x'.repeat(31)) }, 'UE'],
  ])('refuses %s with %p', (name, entries, key) => {
    expect(() => openEncryption(changed(name, entries), vector(name).id, 'user')).toThrow(
      expect.objectContaining({
        code: 'corrupt_pdf',
        message: `has an encryption dictionary whose ${key} is missing or invalid`,
      }),
    );
  });

  const filterOf = (method: string): PdfDict => PdfDict.of({ StdCF: PdfDict.of({ CFM: new PdfName(method) }) });
  it.each<[name: string, entries: Readonly<Record<string, PdfObject>>, handler: string]>([
    ['R2, 40 bits', { Filter: new PdfName('Adobe.PubSec') }, 'Adobe.PubSec'],
    ['R2, 40 bits', { Filter: new PdfName(`\xff${'x'.repeat(1000)}`) }, `?${'x'.repeat(39)}`],
    ['R3, 128 bits', { V: 3 }, 'Standard, V 3, R 3'],
    ['R3, 128 bits', { R: 4 }, 'Standard, V 2, R 4'],
    ['R6', { R: 7 }, 'Standard, V 5, R 7'],
    ['R6', { V: 6, R: 7 }, 'Standard, V 6, R 7'],
    ['R4, AES', { R: 3 }, 'Standard, V 4, R 3'],
    ['R6', { CF: filterOf('AESV4') }, 'Standard with AESV4'],
    ['R4, AES', { CF: filterOf('AESV3') }, 'Standard with AESV3'],
  ])('does not support %s with %p', (name, entries, handler) => {
    expect(() => openEncryption(changed(name, entries), vector(name).id, 'user')).toThrow(
      expect.objectContaining({
        code: 'password_required',
        message: `is encrypted by a handler that is not supported: ${handler}`,
      }),
    );
  });
});

describe('Decryptor', () => {
  const aes = vector('R4, AES');
  const streamOf = (dict: PdfDict, encrypt: Readonly<Record<string, PdfObject | undefined>> = {}): string =>
    openEncryption(changed('R4, AES', encrypt), aes.id, 'user')
      .stream(aes.stream, OBJECT.stream, 0, dict)
      .toString('latin1');
  const asItIs = aes.stream.toString('latin1');
  const name = (value: string): PdfName => new PdfName(value);
  const crypt = (filter: string): PdfDict =>
    PdfDict.of({ Filter: name('Crypt'), DecodeParms: PdfDict.of({ Name: name(filter) }) });

  it('does not decrypt cross-reference streams in any version', () => {
    const xref = PdfDict.of({ Type: name('XRef') });
    expect(streamOf(xref)).toBe(asItIs);
    const { encrypt, id, stream } = vector('R2, 40 bits');
    expect(openEncryption(encrypt, id, 'user').stream(stream, OBJECT.stream, 0, xref)).toEqual(stream);
  });

  it.each<[what: string, dict: PdfDict, expected: string]>([
    ['Identity', crypt('Identity'), asItIs],
    ['no name, which is Identity', PdfDict.of({ Filter: name('Crypt') }), asItIs],
    ['a filter of the document', crypt('StdCF'), PLAIN.stream],
    ['a filter that does not exist', crypt('Other'), PLAIN.stream],
    [
      'Identity, first of several',
      PdfDict.of({
        Filter: [name('Crypt'), name('FlateDecode')],
        DecodeParms: [PdfDict.of({ Name: name('Identity') }), null],
      }),
      asItIs,
    ],
    [
      'a filter of the document, first of several',
      PdfDict.of({ Filter: [name('Crypt'), name('FlateDecode')], DecodeParms: [PdfDict.of({ Name: name('StdCF') })] }),
      PLAIN.stream,
    ],
    ['nothing by another filter', PdfDict.of({ Filter: [name('FlateDecode')], DecodeParms: [null] }), PLAIN.stream],
  ])('uses the crypt filter of a stream: %s', (_, dict, expected) => {
    expect(streamOf(dict)).toBe(expected);
  });

  it('ignores crypt filters before version 4', () => {
    const { encrypt, id, stream } = vector('R3, 128 bits');
    const decryptor = openEncryption(encrypt, id, 'üser');
    expect(decryptor.stream(stream, OBJECT.stream, 0, crypt('Identity')).toString()).toBe(PLAIN.stream);
  });

  it('does not decrypt metadata if only metadata are unencrypted', () => {
    const clear = vector('R4, metadata in the clear');
    const decryptor = openEncryption(clear.encrypt, clear.id, 'user');
    expect(decryptor.stream(clear.stream, OBJECT.stream, 0, METADATA)).toEqual(clear.stream);
    const own = PdfDict.of({
      Type: name('Metadata'),
      Filter: name('Crypt'),
      DecodeParms: crypt('StdCF').get('DecodeParms'),
    });
    expect(decryptor.stream(clear.stream, OBJECT.stream, 0, own).toString()).toBe(PLAIN.stream);
    expect(streamOf(METADATA)).toBe(PLAIN.stream);
  });

  it('decrypts embedded files with EFF, or else like other streams', () => {
    const embedded = PdfDict.of({ Type: name('EmbeddedFile') });
    expect(streamOf(embedded)).toBe(PLAIN.stream);
    expect(streamOf(embedded, { EFF: name('Identity') })).toBe(asItIs);
    expect(streamOf(new PdfDict(), { EFF: name('Identity') })).toBe(PLAIN.stream);
    expect(streamOf(embedded, { StmF: name('Identity'), EFF: name('StdCF') })).toBe(PLAIN.stream);
    expect(streamOf(new PdfDict(), { StmF: undefined, EFF: name('StdCF') })).toBe(asItIs);
    expect(streamOf(embedded, { StmF: undefined })).toBe(asItIs);
  });

  it('does not decrypt data of a filter without a method', () => {
    expect(streamOf(new PdfDict(), { CF: PdfDict.of({ StdCF: new PdfDict() }) })).toBe(asItIs);
  });

  it('derives a different key for each object and generation up to revision 4', () => {
    for (const one of [vector('R3, 128 bits'), vector('R4, AES')]) {
      const decryptor = openEncryption(one.encrypt, one.id, one.userPassword);
      for (const [num, gen] of [
        [OBJECT.string + 1, 0],
        [OBJECT.string + 256, 0],
        [OBJECT.string + 65_536, 0],
        [OBJECT.string, 1],
        [OBJECT.string, 256],
      ] as const) {
        expect(decryptor.string(one.string, num, gen).toString()).not.toBe(PLAIN.string);
      }
    }
    const one = vector('R6');
    expect(openEncryption(one.encrypt, one.id, one.userPassword).string(one.string, 77, 3).toString()).toBe(
      PLAIN.string,
    );
  });

  it('never throws for truncated data', () => {
    for (const one of ENCRYPTION_VECTORS) {
      const decryptor = openEncryption(one.encrypt, one.id, one.userPassword);
      for (let length = 0; length < one.stream.length; length += 1) {
        const bytes = decryptor.stream(one.stream.subarray(0, length), OBJECT.stream, 0, new PdfDict());
        expect(bytes.length).toBeLessThanOrEqual(length);
        if (length >= 48) expect(PLAIN.stream.startsWith(bytes.toString().slice(0, 16))).toBe(true);
      }
    }
  });
});
