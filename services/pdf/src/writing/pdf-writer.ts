import { createHash } from 'node:crypto';
import type { PdfaPart } from '../document/conformance.js';
import type { Encryptor } from '../encryption/create.js';
import { deflate } from '../filters/deflate.js';
import { PdfDict, PdfName, TargetRef, PdfString, isOfType } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import { TARGET_NUMBERS, serialize } from '../syntax/serializer.js';
import type { EncryptString } from '../syntax/serializer.js';
import { FileSink } from './byte-sink.js';
import type { ByteSink } from './byte-sink.js';
import { xrefStream } from './xref-stream.js';
import type { Place } from './xref-stream.js';
import { xrefTable } from './xref-table.js';
import type { TargetObjectNumber } from '../syntax/object-numbers.js';
import { targetNumber } from '../syntax/object-numbers.js';

/** Four bytes above 127 mark the file as binary (ISO 32000-2, 7.5.2). */
const BINARY = '%\xe2\xe3\xcf\xd3';
const DEFAULT_VERSION = '1.7';
/** Limits of an object stream, because a reader decodes all of it to read one object. */
const MAX_OBJECTS = 200;
const MAX_CHARACTERS = 128 * 1024;
const ID_BYTES = 16;

/** The data of a stream in parts, so that large data need not be in memory. */
export type Parts = Iterable<Buffer>;

/** The version in the header. Part 1 builds on PDF 1.4, parts 2 and 3 on 1.7, part 4 on 2.0 (ISO 19005, 6.1.2). */
const PDFA_VERSION: Readonly<Record<PdfaPart, string>> = { 1: '1.4', 2: '1.7', 3: '1.7', 4: '2.0' };

/** The header of a file that claims a part of PDF/A or none (7.5.2). */
export function fileHeader(pdfaPart: PdfaPart | undefined): string {
  return `%PDF-${pdfaPart ? PDFA_VERSION[pdfaPart] : DEFAULT_VERSION}\n${BINARY}\n`;
}

export interface WriterOptions {
  readonly encryption?: Encryptor | undefined;
  /**
   * Follows the rules of this part of PDF/A for the file structure. Part 1 has a cross-reference table, no object
   * streams and no filters on metadata. No part allows encryption.
   */
  readonly pdfaPart?: PdfaPart | undefined;
}

/**
 * Writes a document object by object. Streams are written immediately, other objects in object streams (7.5.7), and a
 * cross-reference stream at the end (7.5.8). PDF/A-1 has neither. The same calls write the same bytes.
 */
export class PdfWriter {
  /** Remaining budget, in decoded bytes, for deflating Flate data again while streams are copied. */
  flateAllowance = 32 * 1024 * 1024;
  readonly #sink: ByteSink;
  readonly #encryption: Encryptor | undefined;
  /** Whether to write object streams and a cross-reference stream, which PDF 1.4 does not have. */
  readonly #compresses: boolean;
  readonly #places: (Place | undefined)[] = [undefined];
  /** A hash of the contents, used as the file's identifier. */
  readonly #hash = createHash('sha256');
  #gathered: [num: TargetObjectNumber, text: string][] = [];
  #characters = 0;

  /** Writes to a new file at a path, or to a sink. All methods throw the file system's errors. */
  constructor(target: string | ByteSink, { encryption, pdfaPart }: WriterOptions = {}) {
    if (encryption && pdfaPart) throw new TypeError('PDF/A does not allow encryption.');
    this.#sink = typeof target === 'string' ? new FileSink(target) : target;
    this.#encryption = encryption;
    this.#compresses = pdfaPart !== 1;
    this.#sink.text(fileHeader(pdfaPart));
  }

  /** Allocates an object number. If it is never written, it reads as null. */
  allocate(): TargetObjectNumber {
    this.#places.push(undefined);
    return targetNumber(this.#places.length - 1);
  }

  /** Writes an object of this document and returns its number. Throws a `TypeError` if it refers to a source object. */
  put(object: PdfObject, num = this.allocate()): TargetObjectNumber {
    this.text(num, serialize(object, TARGET_NUMBERS));
    return num;
  }

  /** Writes a serialized object that is not a stream. */
  text(num: TargetObjectNumber, text: string): void {
    if (!this.#compresses) {
      this.#hash.update(text, 'latin1');
      this.#plain(num, text);
      return;
    }
    this.#gathered.push([num, text]);
    this.#characters += text.length;
    if (this.#gathered.length >= MAX_OBJECTS || this.#characters >= MAX_CHARACTERS) this.#flush();
  }

  /**
   * Writes a stream from its serialized dictionary, including /Length, and its data. Both must already be encrypted if
   * necessary. `digest` represents the data in the file's identifier.
   */
  stream(num: TargetObjectNumber, dict: string, data: Parts, digest: Buffer): void {
    this.#hash.update(dict, 'latin1').update(digest);
    this.#places[num] = { offset: this.#sink.position };
    this.#sink.text(`${num} 0 obj\n${dict}\nstream\n`);
    for (const part of data) this.#sink.bytes(part);
    this.#sink.text('\nendstream\nendobj\n');
  }

  /** Whether metadata streams must have no filter (ISO 19005-1, 6.7.2). */
  get plainMetadata(): boolean {
    return !this.#compresses;
  }

  /** Whether stream data must be encrypted by `encrypt`. */
  get encrypts(): boolean {
    return this.#encryption !== undefined;
  }

  /** Encrypts the strings of stream dictionaries. Strings of other objects are encrypted with their object stream. */
  get encryptString(): EncryptString | undefined {
    return this.#encryption?.string;
  }

  /** Encrypts stream data if the document is encrypted. */
  encrypt(data: Buffer): Buffer {
    return this.#encryption?.stream(data) ?? data;
  }

  /** Deflates and writes a new stream, and returns its number. */
  putStream(dict: PdfDict, data: Buffer, num = this.allocate()): TargetObjectNumber {
    const staysPlain = this.plainMetadata && isOfType(dict, 'Metadata');
    const deflated = staysPlain ? data : deflate(data);
    const filtered = deflated.length < data.length;
    const bytes = this.encrypt(filtered ? deflated : data);
    const entries = new PdfDict(dict);
    if (filtered) entries.set('Filter', new PdfName('FlateDecode'));
    entries.set('Length', bytes.length);
    const text = serialize(entries, TARGET_NUMBERS, this.encryptString);
    this.stream(num, text, [bytes], createHash('sha256').update(bytes).digest());
    return num;
  }

  /**
   * Writes the trailer (7.5.5) and completes the file. Takes the numbers of the catalog and the document information,
   * and other entries. An /ID in `entries` becomes the first of the two identifiers.
   */
  end(root: TargetObjectNumber, info: TargetObjectNumber | undefined, entries = new PdfDict()): void {
    const encrypt = this.#encryption ? this.allocate() : undefined;
    if (this.#encryption && encrypt !== undefined)
      this.#plain(encrypt, serialize(this.#encryption.dict, TARGET_NUMBERS));
    this.#flush();
    const id = new PdfString(this.#hash.digest().subarray(0, ID_BYTES));
    const trailer = new PdfDict(entries);
    trailer.set('Root', new TargetRef(root));
    if (info !== undefined) trailer.set('Info', new TargetRef(info));
    if (encrypt !== undefined) trailer.set('Encrypt', new TargetRef(encrypt));
    trailer.set('ID', [entries.get('ID') ?? id, id]);
    const start = this.#compresses ? this.#xrefStream(trailer) : this.#xrefTable(trailer);
    this.#sink.text(`startxref\n${start}\n%%EOF\n`);
    this.#sink.end();
  }

  /** Closes the file without completing it. */
  discard(): void {
    this.#sink.discard();
  }

  /** Writes an object outside object streams. The encryption dictionary must be outside. */
  #plain(num: TargetObjectNumber, text: string): void {
    this.#places[num] = { offset: this.#sink.position };
    this.#sink.text(`${num} 0 obj\n${text}\nendobj\n`);
  }

  /** Returns the offset of the cross-reference. */
  #xrefStream(trailer: PdfDict): number {
    const num = this.allocate();
    const start = this.#sink.position;
    this.#places[num] = { offset: start };
    const { dict, data } = xrefStream(this.#places);
    for (const [key, value] of trailer) dict.set(key, value);
    dict.set('Length', data.length);
    this.#sink.text(`${num} 0 obj\n${serialize(dict, TARGET_NUMBERS)}\nstream\n`);
    this.#sink.bytes(data);
    this.#sink.text('\nendstream\nendobj\n');
    return start;
  }

  #xrefTable(trailer: PdfDict): number {
    const start = this.#sink.position;
    const offsets = this.#places.map((place) => (place && 'offset' in place ? place.offset : undefined));
    this.#sink.text(xrefTable(offsets, new PdfDict([['Size', offsets.length], ...trailer])));
    return start;
  }

  /** Writes the collected objects as an object stream, with pairs of number and offset before the objects. */
  #flush(): void {
    if (this.#gathered.length === 0) return;
    const container = this.allocate();
    let [header, offset] = ['', 0];
    for (const [index, [num, text]] of this.#gathered.entries()) {
      this.#places[num] = { container, index };
      header += `${num} ${offset} `;
      offset += text.length + 1;
    }
    const body = this.#gathered.map(([, text]) => text).join('\n');
    const dict = PdfDict.of({ Type: new PdfName('ObjStm'), N: this.#gathered.length, First: header.length });
    this.#gathered = [];
    this.#characters = 0;
    this.putStream(dict, Buffer.from(header + body, 'latin1'), container);
  }
}
