import { beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { readClaims } from '@pdf-tools/pdf';
import { OPERATIONS } from './registry.js';
import { secretNames } from './secrets.js';
import { claimingPdf } from '@pdf-tools/harness/documents/claiming-pdf';
import { encrypt } from '@pdf-tools/harness/documents/documents';
import { pagesPdf } from '@pdf-tools/harness/documents/pages-pdf';
import { openBytes } from '@pdf-tools/harness/documents/pdf-folder';
import { produce } from '@pdf-tools/harness/documents/workshop';

const PASSWORD = 'pass wörd';
const { 'compress-pdf': compress } = OPERATIONS;

let files: Readonly<Record<string, readonly [string, Buffer]>>;

beforeAll(async () => {
  const image = await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
    .jpeg()
    .toBuffer();
  const document = pagesPdf('SECRET', 2);
  files = { 'image-to-pdf': ['a.jpg', image], 'merge-pdf': ['a.pdf', document], 'compress-pdf': ['a.pdf', document] };
});

describe.each(Object.entries(OPERATIONS))('output_password of %s', (name, operation) => {
  it('is a secret', () => {
    expect(secretNames(operation.params)).toContain('output_password');
  });

  it('encrypts the result with AES-256, with one password for user and owner', async () => {
    const file = files[name];
    if (!file) throw new Error(`no file for ${name}`);
    const { bytes, result } = await produce(operation, [file], { params: { output_password: PASSWORD } });
    expect(() => openBytes(bytes)).toThrow('password');
    const opened = openBytes(bytes, PASSWORD);
    expect(opened.encryption).toMatchObject({ openedAs: 'owner' });
    expect(bytes.toString('latin1')).toMatch(/\/V 5\s*\/R 6/);
    expect(bytes.includes('SECRET')).toBe(false);
    expect(result.pages).toBeGreaterThan(0);
    expect(result.report).toMatchObject({ encrypted: true });
  });

  it.each([
    ['x'.repeat(128), 'at most 127 bytes'],
    ['ü'.repeat(64), 'at most 127 bytes'],
    ['\u00ad\u200b', 'visible character'],
  ])('rejects %j', (password, message) => {
    const { error } = operation.params.safeParse({ output_password: password });
    expect(error?.issues.map((issue) => issue.message).join()).toContain(message);
  });
});

describe('output_password of compress-pdf', () => {
  const params = { output_password: PASSWORD };

  it('also encrypts a result that does not get smaller, and reports sizes after encryption', async () => {
    const { bytes, result } = await produce(compress, [['a.pdf', pagesPdf('SMALL', 1)]], { params });
    expect(result.report).toMatchObject({ encrypted: true, unchanged: false, output_bytes: bytes.length });
  });

  it('replaces the password of the input', async () => {
    const document = await encrypt(pagesPdf('LOCKED', 1), 'old');
    const { bytes } = await produce(compress, [['a.pdf', document]], { params: { ...params, password: 'old' } });
    expect(() => openBytes(bytes, 'old')).toThrow('password');
    expect(openBytes(bytes, PASSWORD).encryption).toBeDefined();
  });

  it('drops and reports a PDF/A claim', async () => {
    const { bytes, result } = await produce(compress, [['a.pdf', claimingPdf({})]], { params });
    expect(readClaims(openBytes(bytes, PASSWORD))).toEqual([]);
    expect(JSON.stringify(result.report)).toContain('no longer claims PDF/A-2b: PDF/A forbids encryption');
  });

  it('is refused for a signed file, because it would break the signature', async () => {
    const signature = '<< /Type /Sig /ByteRange [0 1 2 3] /Contents <00> >>';
    const document = pagesPdf('SIGNED', 1, { catalog: '/Perms << /UR3 20 0 R >>', objects: { 20: signature } });
    await expect(produce(compress, [['a.pdf', document]], { params })).rejects.toMatchObject({ code: 'signed_pdf' });
  });
});
