import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { documentOf, encrypt } from '@pdf-tools/harness/documents/documents';
import { ONE_PAGE, latin1, pdfText, streamText } from '@pdf-tools/harness/documents/pdf-text';
import { openBytes, writtenBytes } from '@pdf-tools/harness/documents/pdf-folder';
import { SeededRandom } from '@pdf-tools/harness/documents/random';
import { readPageTree } from '../document/page-tree.js';
import type { PdfFile } from '../file/pdf-file.js';
import { createEncryption } from '../encryption/create.js';
import { PdfDict, PdfStream } from '../syntax/objects.js';
import { serialize } from '../syntax/serializer.js';
import { rewriteDocument } from './rewrite-document.js';
import { sourceNumber } from '../syntax/object-numbers.js';

/** Longer than an AES block, because shorter strings are not decrypted. */
const WORDS = 'words in the dictionary of a stream, encrypted or not';
const random = new SeededRandom(1);
const noise = random.bytes(700_001);
const text = Buffer.alloc(5000, 'BT /F1 12 Tf (text) Tj ET\n');

/** A document whose catalog has these streams under /S1, /S2 and so on. */
function documentWith(...streams: string[]): Buffer {
  const entries = streams.map((_stream, at) => `/S${at + 1} ${at + 4} 0 R`).join('');
  return pdfText([`<</Type/Catalog/Pages 2 0 R${entries}>>`, ...ONE_PAGE.slice(1), ...streams]).bytes;
}
const rewritten = (file: PdfFile, password?: string): Buffer =>
  writtenBytes((path) => {
    const options = { userPassword: password ?? '', ownerPassword: 'owner' };
    rewriteDocument(file, path, password === undefined ? {} : { encryption: createEncryption(options) });
  });
function streamOf(file: PdfFile, key: string): { dict: PdfDict; encoded: Buffer; decoded: Buffer } {
  const stream = file.resolve(file.catalog.get(key));
  if (!(stream instanceof PdfStream)) throw new TypeError(`no stream ${key}`);
  return { dict: stream.dict, encoded: file.encoded(stream), decoded: file.decoded(stream).bytes };
}

describe('copying of streams', () => {
  it.each([
    ['small', deflateSync(text), '/Filter/FlateDecode'],
    ['above 256 KiB', noise, '/Filter/DCTDecode'],
    ['of exactly 256 KiB', noise.subarray(0, 2 ** 18), '/Filter/DCTDecode'],
    ['empty', Buffer.alloc(0), ''],
    ['noise without a filter', noise.subarray(0, 3000), ''],
  ])('keeps every byte of %s', (_, data, entries) => {
    const { dict, encoded } = streamOf(openBytes(rewritten(openBytes(documentWith(streamText(entries, data))))), 'S1');
    expect(encoded.equals(data)).toBe(true);
    expect(dict.get('Length')).toBe(data.length);
    expect(dict.has('Filter')).toBe(entries !== '');
  });

  it.each([
    ['no filter', '', text],
    ['hexadecimal', '/Filter/ASCIIHexDecode', latin1(`${text.toString('hex')}>`)],
    ['hexadecimal around Flate', '/Filter[/AHx/Fl]', latin1(`${deflateSync(text).toString('hex')}>`)],
  ])('deflates streams that have %s', (_, entries, data) => {
    const { dict, encoded, decoded } = streamOf(
      openBytes(rewritten(openBytes(documentWith(streamText(entries, data))))),
      'S1',
    );
    expect(decoded.equals(text)).toBe(true);
    expect(encoded.length).toBeLessThan(data.length / 2);
    expect(serialize(dict.get('Filter') ?? null)).toBe('/FlateDecode');
    expect(dict.has('DecodeParms')).toBe(false);
  });

  it('keeps image filters below inefficient ones', () => {
    const entries = '/Filter[/ASCIIHexDecode/DCTDecode]/DecodeParms[null<</ColorTransform 0>>]';
    const zeros = Buffer.alloc(3000);
    const bytes = rewritten(openBytes(documentWith(streamText(entries, latin1(`${zeros.toString('hex')}>`)))));
    const { dict, decoded } = streamOf(openBytes(bytes), 'S1');
    expect(serialize(dict.get('Filter') ?? null)).toBe('[/FlateDecode/DCTDecode]');
    expect(serialize(dict.get('DecodeParms') ?? null)).toBe('[null<</ColorTransform 0>>]');
    expect(decoded.equals(zeros)).toBe(true);
  });
});

describe('rewriteDocument', () => {
  const streams = [
    streamText(`/Filter/DCTDecode/Words[(${WORDS})]`, noise),
    streamText('', text),
    streamText(`/Filter/FlateDecode/Words[(${WORDS})]`, deflateSync(text)),
  ];
  const expected = (file: PdfFile): unknown[] =>
    ['S1', 'S2', 'S3'].map((key) => {
      const { dict, decoded } = streamOf(file, key);
      return [serialize(dict.get('Words') ?? null), decoded.toString('base64')];
    });

  it('produces the same document after encrypting and decrypting', () => {
    const plain = openBytes(documentWith(...streams));
    const locked = rewritten(plain, 'secret');
    expect(locked.includes(WORDS)).toBe(false);
    const opened = openBytes(locked, 'secret');
    expect(expected(opened)).toEqual(expected(plain));
    const unlocked = openBytes(rewritten(opened));
    expect(unlocked.isEncrypted).toBe(false);
    expect(expected(unlocked)).toEqual(expected(plain));
    expect(expected(openBytes(rewritten(openBytes(locked, 'owner'), 'another'), 'another'))).toEqual(expected(plain));
  });

  it('is deterministic and idempotent', () => {
    const file = openBytes(documentWith(...streams));
    const once = rewritten(file);
    expect(rewritten(file).equals(once)).toBe(true);
    expect(expected(openBytes(rewritten(openBytes(once))))).toEqual(expected(file));
  });

  it('writes equal streams once, with and without encryption', () => {
    for (const password of [undefined, 'user']) {
      const file = openBytes(rewritten(openBytes(documentWith(...streams, ...streams)), password), password);
      expect(file.catalog.get('S4')).toEqual(file.catalog.get('S1'));
      expect(file.catalog.get('S6')).toEqual(file.catalog.get('S3'));
    }
  });

  it('keeps the pages and their tree, and omits unreferenced objects', async () => {
    const document = await documentOf(100, 200, 300);
    for (const bytes of [document, await encrypt(document, '')]) {
      const result = rewritten(openBytes(bytes));
      expect(readPageTree(openBytes(result)).pages).toHaveLength(3);
    }
    const stray = pdfText([...ONE_PAGE, '<</Stray true>>']).bytes;
    const kept = openBytes(rewritten(openBytes(stray)));
    expect([...kept.numbers()].some((num) => serialize(kept.load(num)).includes('Stray'))).toBe(false);
    expect(kept.load(sourceNumber(1))).toBeInstanceOf(PdfDict);
  });

  it('omits filters only of metadata streams in PDF/A-1', () => {
    const metadata = deflateSync(text).toString('latin1');
    const streams = [
      streamText('/Type/Metadata/Subtype/XML/Filter/FlateDecode', Buffer.from(metadata, 'latin1')),
      streamText('', text),
    ];
    const bytes = writtenBytes((path) => {
      rewriteDocument(openBytes(documentWith(...streams)), path, { pdfaPart: 1 });
    });
    const file = openBytes(bytes);
    const copy = streamOf(file, 'S1');
    expect(copy.dict.has('Filter')).toBe(false);
    expect(copy.encoded.equals(text)).toBe(true);
    expect(streamOf(file, 'S2').dict.has('Filter')).toBe(true);
  });

  it('deflates data again if a single Flate filter is in an array, until the allowance is used up', () => {
    const loose = deflateSync(text, { level: 1 });
    const streams = [text.length, ...Array.from({ length: 39 }, () => 2 ** 20)].map((length, at) => {
      const data = Buffer.alloc(length, `${at} BT /F1 12 Tf (text ${at}) Tj ET\n`);
      return streamText('/Filter[/FlateDecode]', deflateSync(data, { level: 1 }));
    });
    const file = openBytes(documentWith(...streams));
    const result = openBytes(rewritten(file));
    const smaller = streams.map((_stream, at) => {
      const [before, after] = [file, result].map((each) => streamOf(each, `S${at + 1}`));
      // Jest compares large buffers byte by byte in JavaScript.
      expect(after?.decoded.equals(before?.decoded ?? Buffer.alloc(0))).toBe(true);
      return (after?.encoded.length ?? 0) < (before?.encoded.length ?? 0);
    });
    expect(smaller.lastIndexOf(true)).toBeLessThan(streams.length - 1);
    expect(smaller.slice(0, 32).every(Boolean)).toBe(true);
    const kept = streamOf(
      openBytes(rewritten(openBytes(documentWith(streamText('/Filter/FlateDecode', loose))))),
      'S1',
    );
    expect(kept.encoded.equals(loose)).toBe(true);
  });

  it('keeps such Flate data if they are damaged', () => {
    const damaged = deflateSync(text, { level: 1 }).subarray(0, -3);
    const result = openBytes(rewritten(openBytes(documentWith(streamText('/Filter[/FlateDecode]', damaged)))));
    expect(streamOf(result, 'S1').encoded.equals(damaged)).toBe(true);
  });
});
