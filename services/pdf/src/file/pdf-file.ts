import { DecodingBudget } from '../filters/budget.js';
import { decode } from '../filters/decode.js';
import type { Filter } from '../filters/decode.js';
import { filtersOf } from '../filters/stream-filters.js';
import type { Decryptor } from '../encryption/open.js';
import { PdfDict, PdfRef, PdfStream, TargetRef, isInteger, isOfType } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import type { ByteSource } from './byte-source.js';
import { DamagedPdf } from './damaged.js';
import { decryptStrings, openDecryptor } from './decryption.js';
import { parseRaw, readIndirect } from './indirect-object.js';
import type { RawObject } from './indirect-object.js';
import { ObjectStream } from './object-stream.js';
import { addCompressed, xrefOf } from './recovery.js';
import { scanFile } from './scan-file.js';
import type { Findings } from './scan-file.js';
import { StreamRanges } from './stream-range.js';
import { readXref } from './xref-reader.js';
import type { Xref, XrefEntry } from './xref.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';

/** Maximum length of a chain of references. An indirect object is rarely a reference itself. */
const MAX_HOPS = 32;
/** Maximum nesting of object streams that must be opened to read each other's dictionaries. */
const MAX_OPENING = 8;
/** Size of the cache of decoded object streams, in bytes. */
const KEPT_BYTES = 16 * 1024 * 1024;

export interface OpenOptions {
  /** The user or owner password. The empty password is always tried. */
  readonly password?: string | undefined;
}

/**
 * Reads a PDF file (ISO 32000-2, 7.5) and parses objects on demand. Scans a file with a damaged cross-reference once.
 * Throws a `PdfError` with the code `corrupt_pdf`, `password_required`, `password_wrong` or `upload_too_large`.
 */
export class PdfFile {
  readonly #source: ByteSource;
  readonly #ranges: StreamRanges;
  readonly #budget = new DecodingBudget();
  readonly #containers = new Map<SourceObjectNumber, ObjectStream>();
  #keptBytes = 0;
  #xref: Xref;
  #decryptor: Decryptor | undefined;
  #catalog: PdfDict | undefined;
  #recovered: Xref | undefined;
  #hasEndlessReference = false;
  /** Whether the objects found by scanning were added to the cross-reference. */
  #listsAll = false;
  /** Object streams that were already charged to the budget. */
  readonly #counted = new Set<SourceObjectNumber>();
  /** Object streams that are being opened. The dictionary of an object stream may not be inside itself. */
  readonly #opening = new Set<SourceObjectNumber>();

  constructor(source: ByteSource, { password }: OpenOptions = {}) {
    this.#source = source;
    this.#ranges = new StreamRanges(source);
    this.#xref = readXref(source) ?? { entries: new Map(), trailer: new PdfDict() };
    this.#open(password);
    if (this.#hasCatalog()) return;
    this.#recoverAll(password);
    if (!this.#hasCatalog()) throw new DamagedPdf('cannot be read: it has no document catalog');
  }

  get trailer(): PdfDict {
    return this.#xref.trailer;
  }

  /** The document catalog (7.7.2). */
  get catalog(): PdfDict {
    const catalog = this.resolve(this.trailer.get('Root'));
    return catalog instanceof PdfDict ? catalog : new PdfDict();
  }

  /** Returns an entry of the catalog with references resolved. The caller may change the value, as with `load`. */
  catalogEntry(key: string): PdfObject {
    this.#catalog ??= this.catalog;
    const value = this.#catalog.get(key) ?? null;
    const isHeld = Array.isArray(value) || value instanceof PdfDict;
    return this.resolve(isHeld ? this.catalog.get(key) : value);
  }

  /** Which password opened the file and what the permissions are (7.6.4.2). Undefined if the file is not encrypted. */
  get encryption(): Pick<Decryptor, 'openedAs' | 'permissions'> | undefined {
    return this.#decryptor;
  }

  get wasRepaired(): boolean {
    return this.#recovered !== undefined;
  }

  /** Whether anything read so far was damaged: the cross-reference, the length of a stream or a chain of references. */
  get isDamaged(): boolean {
    return this.wasRepaired || this.#ranges.guessed || this.#hasEndlessReference;
  }

  /** All object numbers that are in use. */
  *numbers(): Generator<SourceObjectNumber> {
    for (const [num, { kind }] of this.#xref.entries) if (kind !== 'free') yield num;
  }

  /** Follows references to the object. Returns null if it does not exist (7.3.10) and for a `TargetRef`. */
  resolve(object: PdfObject | undefined): PdfObject {
    let value = object ?? null;
    for (let hops = 0; value instanceof PdfRef; hops++) {
      if (hops >= MAX_HOPS) {
        this.#hasEndlessReference = true;
        return null;
      }
      value = this.load(value.num);
    }
    return value instanceof TargetRef ? null : value;
  }

  /** Parses and decrypts an object. Returns null if it does not exist. The caller may change the value. */
  load(num: SourceObjectNumber): PdfObject {
    const entry = this.#xref.entries.get(num);
    const value = entry?.kind === 'compressed' ? this.#container(entry.container)?.parse(num) : undefined;
    if (value !== undefined) return value;
    const raw = this.raw(num);
    return raw ? this.parse(raw) : null;
  }

  /**
   * Loads an object that is used but not listed. Scans the file once and lists all unlisted objects. Returns null if
   * the object was deleted (a free entry).
   */
  loadUnlisted(num: SourceObjectNumber): PdfObject {
    const { entries } = this.#xref;
    if (this.#listsAll || entries.has(num)) return null;
    this.#listsAll = true;
    for (const [other, entry] of this.#scanned().entries) if (!entries.has(other)) entries.set(other, entry);
    return this.load(num);
  }

  /** Parses and decrypts a raw object. */
  parse(raw: RawObject): PdfObject {
    const value = parseRaw(raw);
    if (this.#decryptor && !raw.compressed) decryptStrings(value, this.#decryptor, raw.num, raw.gen);
    if (raw.dataOffset === undefined || !(value instanceof PdfDict)) return value;
    const range = this.#ranges.of(raw.dataOffset, this.#lengthOf(value));
    return new PdfStream(value, range, new PdfRef(raw.num, raw.gen));
  }

  /** Returns the bytes of an object, or undefined if it does not exist. */
  raw(num: SourceObjectNumber): RawObject | undefined {
    const found = this.#at(num, this.#xref.entries.get(num));
    if (found !== 'damaged') return found;
    const again = this.#at(num, this.#scanned().entries.get(num));
    return again === 'damaged' ? undefined : again;
  }

  /** Decrypts a string of an object if the file is encrypted. */
  decryptString(bytes: Buffer, { num, gen }: RawObject): Buffer {
    return this.#decryptor?.string(bytes, num, gen) ?? bytes;
  }

  /** Returns a stream's data, decrypted but not decoded (7.3.8). */
  encoded({ dict, data, id }: PdfStream): Buffer {
    if (Buffer.isBuffer(data)) return data;
    const bytes = this.#source.read(data.offset, data.length);
    if (!this.#decryptor || !id) return bytes;
    return this.#decryptor.stream(Buffer.from(bytes), id.num, id.gen, dict);
  }

  /** Returns a range of the file. The bytes are valid until the next read. */
  window(offset: number, length: number): Buffer {
    return this.#source.window(offset, length).subarray(0, length);
  }

  get isEncrypted(): boolean {
    return this.#decryptor !== undefined;
  }

  filters(dict: PdfDict): Filter[] {
    return filtersOf(dict, (object) => this.resolve(object));
  }

  /** Decodes a stream's data up to the first image filter. `left` contains the remaining filters. */
  decoded(stream: PdfStream): { bytes: Buffer; left: readonly Filter[] } {
    return decode(this.encoded(stream), this.filters(stream.dict), this.#budget);
  }

  close(): void {
    this.#source.close();
  }

  /** Reads a stream's /Length. Ignores a /Length that is a stream, because that could recurse without end. */
  #lengthOf(dict: PdfDict): number | undefined {
    let value = dict.get('Length');
    for (let hops = 0; value instanceof PdfRef && hops < MAX_HOPS; hops++) {
      const raw = this.raw(value.num);
      value = !raw || raw.dataOffset !== undefined ? null : parseRaw(raw);
    }
    return isInteger(value) ? value : undefined;
  }

  #hasCatalog(): boolean {
    const root = this.catalog;
    return root.get('Pages') instanceof PdfRef || root.get('Pages') instanceof PdfDict;
  }

  #open(password: string | undefined): void {
    this.#decryptor = undefined;
    this.#catalog = undefined;
    this.#decryptor = openDecryptor(this.trailer, (object) => this.resolve(object), password);
    this.#forgetContainers();
  }

  #at(num: SourceObjectNumber, entry: XrefEntry | undefined): RawObject | 'damaged' | undefined {
    if (!entry || entry.kind === 'free') return undefined;
    if (entry.kind === 'compressed') return this.#container(entry.container)?.get(num) ?? 'damaged';
    const raw = readIndirect(this.#source, entry.offset);
    return raw?.num === num ? raw : 'damaged';
  }

  #container(num: SourceObjectNumber): ObjectStream | undefined {
    const known = this.#containers.get(num);
    if (known) return known;
    if (this.#opening.has(num) || this.#opening.size >= MAX_OPENING) return undefined;
    this.#opening.add(num);
    try {
      const stream = this.load(num);
      if (!(stream instanceof PdfStream)) return undefined;
      // A stream that was evicted is decoded again without charge.
      const budget = this.#counted.has(num) ? new DecodingBudget() : this.#budget;
      this.#counted.add(num);
      return this.#keep(num, this.#objectStream(stream, budget));
    } finally {
      this.#opening.delete(num);
    }
  }

  #objectStream(stream: PdfStream, budget = this.#budget): ObjectStream {
    const direct = new PdfDict(stream.dict);
    for (const key of ['N', 'First']) direct.set(key, this.resolve(direct.get(key)));
    const { bytes } = decode(this.encoded(stream), this.filters(stream.dict), budget);
    return new ObjectStream(direct, bytes);
  }

  /** Adds an object stream to the cache and evicts the oldest ones. */
  #keep(num: SourceObjectNumber, container: ObjectStream): ObjectStream {
    for (const [oldest, { size }] of this.#containers) {
      if (this.#keptBytes + container.size <= KEPT_BYTES) break;
      this.#containers.delete(oldest);
      this.#keptBytes -= size;
    }
    this.#containers.set(num, container);
    this.#keptBytes += container.size;
    return container;
  }

  #forgetContainers(): void {
    this.#containers.clear();
    this.#keptBytes = 0;
  }

  /** Scans the file once. */
  #scanned(): Xref {
    if (this.#recovered) return this.#recovered;
    const findings = scanFile(this.#source);
    this.#recovered = xrefOf(findings);
    this.#addCompressed(this.#recovered, findings);
    return this.#recovered;
  }

  /**
   * Replaces the cross-reference by what scanning finds. If no trailer names a catalog, the last one in the file is
   * used.
   */
  #recoverAll(password: string | undefined): void {
    const findings = scanFile(this.#source);
    this.#xref = xrefOf(findings);
    this.#recovered = this.#xref;
    this.#open(password);
    this.#addCompressed(this.#xref, findings);
    if (!this.#hasCatalog() && !findings.namesNoCatalog) this.trailer.set('Root', this.#lastCatalog());
    this.#catalog = undefined;
  }

  #addCompressed(xref: Xref, { objects }: Findings): void {
    for (const { num, offset, stream } of objects) {
      if (!isOfType(stream, 'ObjStm')) continue;
      const raw = readIndirect(this.#source, offset);
      const value = raw ? this.parse(raw) : null;
      if (value instanceof PdfStream) addCompressed(xref, num, offset, this.#objectStream(value).numbers());
    }
    this.#forgetContainers();
  }

  #lastCatalog(): PdfObject {
    let catalog: PdfObject = null;
    for (const num of this.numbers()) {
      const object = this.load(num);
      if (isOfType(object, 'Catalog')) catalog = new PdfRef(num, 0);
    }
    return catalog;
  }
}
