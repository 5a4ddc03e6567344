import { describe, expect, it } from '@jest/globals';
import { PDFDocument } from 'pdf-lib';
import { openBytes, writtenBytes } from '@pdf-tools/harness/documents/pdf-folder';
import { SeededRandom } from '@pdf-tools/harness/documents/random';
import type { PdfaPart } from '../document/conformance.js';
import type { PdfFile } from '../file/pdf-file.js';
import { createEncryption } from '../encryption/create.js';
import { PdfDict, PdfName, PdfRef, PdfStream, PdfString, TargetRef, isInteger, isOfType } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import { serialize } from '../syntax/serializer.js';
import { MemorySink } from './byte-sink.js';
import { PageTreeWriter } from './page-tree-writer.js';
import { PdfWriter } from './pdf-writer.js';
import { sourceNumber, targetNumber } from '../syntax/object-numbers.js';
import type { TargetObjectNumber } from '../syntax/object-numbers.js';
import { sourceRef } from '@pdf-tools/harness/documents/references';

/** A document with these objects and one page. Returns its bytes and the numbers of the objects. */
function documentOf(objects: readonly PdfObject[]): { bytes: Buffer; numbers: number[] } {
  let numbers: number[] = [];
  const bytes = writtenBytes((path) => {
    const writer = new PdfWriter(path);
    numbers = objects.map((object) => writer.put(object));
    writer.end(catalogOf(writer), undefined);
  });
  return { bytes, numbers };
}

function catalogOf(writer: PdfWriter, pages = 1): TargetObjectNumber {
  const tree = new PageTreeWriter(writer);
  for (let nth = 0; nth < pages; nth++) {
    const page = writer.allocate();
    const entries = { Type: new PdfName('Page'), Parent: tree.add(page), MediaBox: [0, 0, nth + 1, 9] };
    writer.put(PdfDict.of(entries), page);
  }
  return writer.put(PdfDict.of({ Type: new PdfName('Catalog'), Pages: new TargetRef(tree.end()) }));
}

describe('PdfWriter', () => {
  it('writes files that the engine and another reader can read', async () => {
    const random = new SeededRandom(1);
    const objects = Array.from({ length: 1000 }, (_none, nth) => [nth, new PdfString(random.bytes(random.below(900)))]);
    const { bytes, numbers } = documentOf(objects);
    const file = openBytes(bytes);
    expect(file.wasRepaired).toBe(false);
    expect(bytes.toString('latin1', 0, 9)).toBe('%PDF-1.7\n');
    for (const [nth, num] of numbers.entries()) expect(file.load(sourceNumber(num))).toEqual(objects[nth]);
    expect(file.trailer.get('Size')).toBe(Math.max(...file.numbers()) + 1);
    const other = await PDFDocument.load(bytes, { updateMetadata: false, throwOnInvalidObject: true });
    expect(other.getPage(0).getWidth()).toBe(1);
    expect(other.context.enumerateIndirectObjects().length).toBeGreaterThan(1000);
  });

  it('closes an object stream at 200 objects, or at 128 KiB', () => {
    const containersOf = (bytes: Buffer): (PdfObject | undefined)[] => {
      const file = openBytes(bytes);
      const all = [...file.numbers()].map((num) => file.load(num));
      return all.flatMap((object) =>
        object instanceof PdfStream && isOfType(object.dict, 'ObjStm') ? [object.dict.get('N')] : [],
      );
    };
    expect(containersOf(documentOf(Array.from({ length: 450 }, () => true)).bytes)).toEqual([200, 200, 53]);
    const large = PdfString.latin1('x'.repeat(70_000));
    expect(containersOf(documentOf([large, large, large, large, large]).bytes)).toEqual([2, 2, 4]);
  });

  it('writes the same bytes for the same calls, and another identifier for other content', () => {
    const [one, again, other] = [documentOf([1]).bytes, documentOf([1]).bytes, documentOf([2]).bytes];
    expect(again.equals(one)).toBe(true);
    const idOf = (bytes: Buffer): string => serialize(openBytes(bytes).trailer.get('ID') ?? null);
    expect(idOf(other)).not.toBe(idOf(one));
  });

  it('writes streams in parts and deflates those that get smaller', () => {
    const random = new SeededRandom(2);
    const [noise, text] = [random.bytes(700_000), Buffer.alloc(700_000, 'text ')];
    const numbers: number[] = [];
    const bytes = writtenBytes((path) => {
      const writer = new PdfWriter(path);
      numbers.push(writer.allocate(), writer.putStream(new PdfDict(), noise), writer.putStream(new PdfDict(), text));
      const parts = [noise.subarray(0, 300_000), noise.subarray(300_000, 300_001), noise.subarray(300_001)];
      writer.stream(targetNumber(numbers[0] ?? 0), `<</Length ${noise.length}>>`, parts, Buffer.alloc(32));
      writer.end(catalogOf(writer), undefined);
    });
    const file = openBytes(bytes);
    const streams = numbers.map((num) => file.load(sourceNumber(num)));
    const facts = streams.map((stream) =>
      stream instanceof PdfStream ? [file.decoded(stream).bytes, stream.dict.has('Filter')] : [],
    );
    expect(facts.map(([, filtered]) => filtered)).toEqual([false, false, true]);
    expect(facts.map(([data], nth) => data instanceof Buffer && data.equals(nth < 2 ? noise : text))).toEqual([
      true,
      true,
      true,
    ]);
    expect(bytes.length).toBeLessThan(1_420_000);
  });

  it('refuses an object that refers to a source object', () => {
    const writer = new PdfWriter(new MemorySink());
    expect(() => writer.put([sourceRef(7)])).toThrow('Object 7 of the source must be copied');
  });

  it('reads an allocated number that was never written as null', () => {
    let never: TargetObjectNumber | undefined;
    const bytes = writtenBytes((path) => {
      const writer = new PdfWriter(path);
      never = writer.allocate();
      writer.end(catalogOf(writer), writer.put(PdfDict.of({ A: new TargetRef(never) })));
    });
    const file = openBytes(bytes);
    expect(file.load(sourceNumber(never ?? 0))).toBeNull();
    expect(file.wasRepaired).toBe(false);
    expect(file.trailer.get('Info')).toBeInstanceOf(PdfRef);
  });

  it('encrypts strings and streams, but not the encryption dictionary', () => {
    const secret = PdfString.latin1('a secret that is longer than one block of AES');
    const numbers: number[] = [];
    const bytes = writtenBytes((path) => {
      const writer = new PdfWriter(path, { encryption: createEncryption({ userPassword: 'user' }) });
      numbers.push(writer.put([secret]), writer.putStream(PdfDict.of({ S: [secret] }), secret.bytes));
      writer.end(catalogOf(writer), undefined);
    });
    expect(bytes.includes(secret.bytes)).toBe(false);
    const file = openBytes(bytes, 'user');
    const [array, stream] = numbers.map((num) => file.load(sourceNumber(num)));
    expect(array).toEqual([secret]);
    if (!(stream instanceof PdfStream)) throw new TypeError('no stream');
    expect(stream.dict.get('S')).toEqual([secret]);
    expect(file.decoded(stream).bytes).toEqual(secret.bytes);
  });
});

describe('PdfWriter for PDF/A', () => {
  const metadata = Buffer.from(`<x:xmpmeta xmlns:x="adobe:ns:meta/">${' '.repeat(500)}</x:xmpmeta>`);

  function archived(pdfaPart: PdfaPart): { bytes: Buffer; file: PdfFile; metadataNumber: number } {
    let metadataNumber = 0;
    const bytes = writtenBytes((path) => {
      const writer = new PdfWriter(path, { pdfaPart });
      // Two numbers that stay free.
      writer.allocate();
      writer.put(PdfDict.of({ Text: PdfString.latin1('x'.repeat(300)) }));
      writer.allocate();
      const dict = PdfDict.of({ Type: new PdfName('Metadata'), Subtype: new PdfName('XML') });
      metadataNumber = writer.putStream(dict, metadata);
      writer.end(catalogOf(writer), undefined);
    });
    return { bytes, file: openBytes(bytes), metadataNumber };
  }

  it('writes a 1.4 file with a cross-reference table and plain metadata for part 1', () => {
    const { bytes, file, metadataNumber } = archived(1);
    const text = bytes.toString('latin1');
    expect(text).toMatch(/^%PDF-1\.4\n%[\x80-\xff]{4}\n/);
    expect(text).not.toMatch(/ObjStm|XRef/);
    expect(text).toContain('\nxref\n0 8\n0000000001 65535 f \n0000000003 00000 f \n');
    expect(text).toContain('\n0000000000 00000 f \n');
    expect(bytes.includes(metadata)).toBe(true);
    expect(file.wasRepaired).toBe(false);
    expect(file.trailer.get('Size')).toBe(8);
    expect(file.trailer.get('ID')).toHaveLength(2);
    const stream = file.load(sourceNumber(metadataNumber));
    expect(stream instanceof PdfStream && stream.dict.has('Filter')).toBe(false);
  });

  it.each([
    [2, '1.7'],
    [3, '1.7'],
    [4, '2.0'],
  ] as const)('writes the header of part %d as PDF %s and keeps object streams', (part, version) => {
    const { bytes, file } = archived(part);
    expect(bytes.toString('latin1', 0, 8)).toBe(`%PDF-${version}`);
    expect(bytes.includes('/ObjStm')).toBe(true);
    expect(file.trailer.get('ID')).toHaveLength(2);
  });

  it('refuses to encrypt', () => {
    const encryption = createEncryption({ userPassword: 'user' });
    expect(() => new PdfWriter('/nowhere', { encryption, pdfaPart: 2 })).toThrow('PDF/A does not allow encryption.');
  });

  it('writes the same bytes to memory and to a file', () => {
    const write = (target: string | MemorySink): void => {
      const writer = new PdfWriter(target);
      writer.putStream(new PdfDict(), Buffer.from('data'));
      writer.end(catalogOf(writer), undefined);
    };
    const sink = new MemorySink();
    write(sink);
    expect(sink.toBuffer().equals(writtenBytes(write))).toBe(true);
  });
});

describe('PageTreeWriter', () => {
  it.each([0, 1, 64, 65, 4097, 10_000])('balances a tree of %d pages', async (pages) => {
    const bytes = writtenBytes((path) => {
      const writer = new PdfWriter(path);
      writer.end(catalogOf(writer, pages), undefined);
    });
    const file = openBytes(bytes);
    const widths: PdfObject[] = [];
    let deepest = 0;
    /** Returns the number of pages below. */
    const check = (ref: PdfObject | undefined, parent: PdfObject | undefined, depth: number): number => {
      const node = file.resolve(ref);
      if (!(node instanceof PdfDict)) throw new TypeError('no node');
      expect(node.get('Parent')).toEqual(parent);
      deepest = Math.max(deepest, depth);
      const [kids, box] = [node.get('Kids'), node.get('MediaBox')];
      if (!Array.isArray(kids)) {
        if (Array.isArray(box)) widths.push(box[2] ?? null);
        return 1;
      }
      expect(kids.length).toBeLessThanOrEqual(64);
      const count = kids.reduce<number>((sum, kid) => sum + check(kid, ref, depth + 1), 0);
      expect(node.get('Count')).toBe(count);
      return count;
    };
    expect(check(file.catalog.get('Pages'), undefined, 0)).toBe(pages);
    expect(widths.every((width, nth) => isInteger(width) && width === nth + 1)).toBe(true);
    expect(deepest).toBe(pages === 0 ? 0 : Math.max(1, Math.ceil(Math.log(pages) / Math.log(64))));
    if (pages > 0) expect((await PDFDocument.load(bytes)).getPageCount()).toBe(pages);
  });
});
