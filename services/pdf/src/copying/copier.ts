import type { PdfFile } from '../file/pdf-file.js';
import { DecodingBudget } from '../filters/budget.js';
import type { RawObject } from '../file/indirect-object.js';
import { PdfDict, PdfRef, PdfStream, TargetRef, isPageTreeNode } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import { serialize } from '../syntax/serializer.js';
import type { Renumbering } from '../syntax/serializer.js';
import type { PdfWriter } from '../writing/pdf-writer.js';
import type { CopierOptions } from './copier-options.js';
import { rawReferencesOf, referencesOf } from './references.js';
import { ESCAPE, Rewriters } from './rewriters.js';
import type { Rewriter } from './rewriters.js';
import type { SharedObjects } from './shared-objects.js';
import { copyWithFixups } from './copy-with-fixups.js';
import { checkStream } from './stream-check.js';
import { copyStream } from './stream-copy.js';
import type { StructParentKeys } from './struct-parent-keys.js';
import { ObjectDeduplicator } from '../writing/object-deduplicator.js';
import type { Visit } from './visit.js';
import type { SourceObjectNumber, TargetObjectNumber } from '../syntax/object-numbers.js';
import { NULL_TARGET, targetNumber } from '../syntax/object-numbers.js';

/** Maximum depth of a chain of objects, such as a linked list, that is followed at once. Deeper objects are queued. */
const MAX_DEPTH = 2_000;
const PAGE = Buffer.from('/Page');

export type { Rewriter } from './rewriters.js';

/**
 * Copies objects of a file into a document, once each. Pages and nodes of the page tree that the caller does not place
 * become null, unless `keepsPageTree` is set.
 */
export class Copier {
  readonly structParents: StructParentKeys;
  /** What all copies of the pages share, if the pages are copied more than once. */
  readonly shared: SharedObjects | undefined;
  readonly #file: PdfFile;
  readonly #keepsPageTree: boolean;
  readonly #keepsStreams: boolean;
  readonly #budget = new DecodingBudget();
  readonly #writer: PdfWriter;
  readonly #deduplicator: ObjectDeduplicator;
  readonly #renumbering: Renumbering;
  /** Target numbers of copied objects and of objects in cycles. */
  readonly #numbers = new Map<SourceObjectNumber, TargetObjectNumber>();
  readonly #overrides = new Map<SourceObjectNumber, PdfObject>();
  readonly #rewriters = new Rewriters();
  readonly #visiting = new Set<SourceObjectNumber>();
  readonly #path: Visit[] = [];
  readonly #waiting: SourceObjectNumber[] = [];
  /** Placements that apply to all copiers of the same pages. */
  readonly #placedForAll = new Map<SourceObjectNumber, TargetObjectNumber>();
  readonly #first: Copier | undefined;
  #isDropped: ((num: SourceObjectNumber) => boolean) | undefined;
  readonly #onWrite: (bytes: number) => void;

  constructor(
    file: PdfFile,
    writer: PdfWriter,
    deduplicator: ObjectDeduplicator,
    structParents: StructParentKeys,
    { keepsPageTree = false, keepsStreams = false, shared, first, onWrite = () => undefined }: CopierOptions = {},
  ) {
    this.#file = file;
    this.#keepsPageTree = keepsPageTree;
    this.#keepsStreams = keepsStreams;
    this.shared = shared;
    this.#first = first;
    if (!first) shared?.writeWith((value) => this.#writeAlone(value));
    this.#onWrite = onWrite;
    this.#writer = writer;
    this.#deduplicator = deduplicator;
    this.structParents = structParents;
    this.#renumbering = { object: (num) => this.#numberOf(num), structParent: (key) => structParents.renew(key) };
  }

  /** Maps a source object to an existing target object instead of copying it. `NULL_TARGET` means null. */
  place(num: SourceObjectNumber, target: TargetObjectNumber): void {
    this.#numbers.set(num, target);
    this.shared?.bind(num);
  }

  /** Places an object for this copier and for copiers of repeated pages that do not place it themselves. */
  placeForAll(num: SourceObjectNumber, target: TargetObjectNumber): void {
    this.place(num, target);
    this.#placedForAll.set(num, target);
  }

  /** Replaces all objects that match by null. */
  drop(isDropped: (num: SourceObjectNumber) => boolean): void {
    this.#isDropped = isDropped;
  }

  /** Copies a value instead of an object. The value's references are those of the source. */
  override(num: SourceObjectNumber, value: PdfObject): void {
    this.#overrides.set(num, value);
    this.shared?.bind(num);
  }

  /** Adds a rewriter. It changes all dictionaries that are copied from now on. */
  rewriteWith(rewriter: Rewriter): void {
    this.#rewriters.add(rewriter);
    this.shared?.bindMarked(rewriter.markers);
  }

  /** Returns the value that is copied for an object, which is its override or the object itself. */
  current(num: SourceObjectNumber): PdfObject {
    return this.#overrides.get(num) ?? this.#file.load(num);
  }

  /** Whether an object has a target number. */
  isCopied(num: SourceObjectNumber): boolean {
    return (this.#numbers.get(num) ?? NULL_TARGET) !== NULL_TARGET;
  }

  /** Returns the target number of an object and copies it if necessary. Returns `NULL_TARGET` for null. */
  copy(num: SourceObjectNumber): TargetObjectNumber {
    const known = this.#known(num);
    if (known !== undefined) return known;
    this.#follow(num);
    return this.#numbers.get(num) ?? NULL_TARGET;
  }

  /**
   * Copies a value of the source and returns the value for the target. Arrays and dictionaries become indirect objects.
   */
  adopt(value: PdfObject): PdfObject {
    if (value instanceof PdfRef) {
      const num = this.copy(value.num);
      return num === NULL_TARGET ? null : new TargetRef(num);
    }
    if (!Array.isArray(value) && !(value instanceof PdfDict)) return value;
    const text = this.#serialized(value);
    const key = ObjectDeduplicator.objectKey(text);
    const duplicate = key === undefined ? undefined : this.#deduplicator.find(key);
    const target = duplicate ?? this.#writer.allocate();
    if (duplicate === undefined) this.#write(target, text);
    if (key !== undefined) this.#deduplicator.remember(key, target);
    return new TargetRef(target);
  }

  /** Writes a value of the source as a target object, after everything it refers to. */
  write(value: PdfObject, target: TargetObjectNumber): void {
    this.#write(target, this.#serialized(value));
  }

  #writeAlone(value: PdfObject): TargetObjectNumber {
    const target = this.#writer.allocate();
    this.write(value, target);
    return target;
  }

  #write(target: TargetObjectNumber, text: string): void {
    this.#onWrite(text.length);
    this.#writer.text(target, text);
  }

  /** Serializes a value after copying everything it refers to. */
  #serialized(given: PdfObject): string {
    const value = this.#own(given);
    this.#rewriters.rewrite(value);
    for (const num of referencesOf(value)) this.copy(num);
    return serialize(value, this.#renumbering);
  }

  /** A value that rewriters may change. Values that several repetitions use must stay unchanged. */
  #own(value: PdfObject): PdfObject {
    return this.shared ? this.shared.reduce(value) : value;
  }

  /** The target number of an object in this repetition or in all. Undefined if the object must be copied. */
  #known(num: SourceObjectNumber): TargetObjectNumber | undefined {
    const own = this.#numbers.get(num) ?? (this.#isDropped?.(num) ? NULL_TARGET : undefined);
    if (own !== undefined || !this.#first) return own;
    return this.shared?.isBound(num) === false ? this.#first.copy(num) : this.#first.#placedForAll.get(num);
  }

  #numberOf(num: SourceObjectNumber): TargetObjectNumber {
    const known = this.#known(num);
    if (known !== undefined) return known;
    // The object is part of a cycle, so its number is needed before it is written.
    const target = this.#writer.allocate();
    this.#numbers.set(num, target);
    return target;
  }

  #follow(start: SourceObjectNumber): void {
    this.#enter(start);
    this.#drain();
    for (let num = this.#waiting.pop(); num !== undefined; num = this.#waiting.pop()) {
      this.#enter(num);
      this.#drain();
    }
  }

  #drain(): void {
    for (let visit = this.#path.at(-1); visit; visit = this.#path.at(-1)) {
      const num = visit.references[visit.next];
      visit.next += 1;
      if (num === undefined) {
        this.#path.pop();
        this.#visiting.delete(visit.num);
        this.#finish(visit);
      } else if (!this.#visiting.has(num) && this.#known(num) === undefined) this.#enter(num);
    }
  }

  /** Visits an object, or queues it if the path is too deep. */
  #enter(num: SourceObjectNumber): void {
    if (this.#path.length >= MAX_DEPTH) {
      this.#numberOf(num);
      this.#waiting.push(num);
      return;
    }
    const visit = this.#visit(num);
    if (!visit) {
      this.#numbers.set(num, NULL_TARGET);
      return;
    }
    this.#visiting.add(num);
    this.#path.push(visit);
  }

  #visit(num: SourceObjectNumber): Visit | undefined {
    const override = this.#overrides.get(num);
    if (override !== undefined) return this.#visitValue(num, this.#own(override));
    const reduced = this.#first && this.shared?.reduced(num);
    if (reduced !== undefined) return isPageTreeNode(reduced) ? undefined : this.#visitValue(num, this.#own(reduced));
    const raw = this.#first && this.shared ? this.shared.raw(num) : this.#file.raw(num);
    return !raw || this.#isStrayPage(raw) ? undefined : this.#visitRaw(num, raw);
  }

  #visitRaw(num: SourceObjectNumber, raw: RawObject): Visit | undefined {
    if (raw.fixups && raw.dataOffset === undefined && !this.#rewriters.isMarked(raw))
      return { num, value: undefined, raw, references: rawReferencesOf(raw), next: 0 };
    const value = this.#file.parse(raw);
    return value === null ? undefined : this.#visitValue(num, value);
  }

  #visitValue(num: SourceObjectNumber, value: PdfObject): Visit {
    this.#rewriters.rewrite(value);
    if (value instanceof PdfStream) value.dict.delete('Length');
    return { num, value, raw: undefined, references: referencesOf(value), next: 0 };
  }

  /** Whether an object is a page or a node outside the page tree. Its /Parent would pull in all other pages. */
  #isStrayPage(raw: RawObject): boolean {
    if (this.#keepsPageTree) return false;
    const view = raw.bytes.subarray(raw.start, raw.end);
    if (!view.includes(PAGE) && !view.includes(ESCAPE)) return false;
    return isPageTreeNode(this.#file.parse(raw));
  }

  #finish({ num, value, raw }: Visit): void {
    if (value instanceof PdfStream) {
      this.#finishStream(num, value);
      return;
    }
    const text = raw
      ? copyWithFixups(raw, this.#renumbering, this.#decryptor(raw))
      : serialize(value ?? null, this.#renumbering);
    const alias = /^(\d+) 0 R$/.exec(text)?.[1];
    if (alias !== undefined && !this.#numbers.has(num)) {
      this.#numbers.set(num, targetNumber(Number(alias)));
      return;
    }
    const target = this.#settle(num, ObjectDeduplicator.objectKey(text));
    if (target !== undefined) this.#write(target, text);
  }

  #finishStream(num: SourceObjectNumber, stream: PdfStream): void {
    if (!this.#keepsStreams) checkStream(this.#file, stream, this.#budget);
    const { dict, digest, data } = copyStream(this.#file, this.#writer, stream, !this.#keepsStreams);
    const text = serialize(dict, this.#renumbering);
    const target = this.#settle(num, ObjectDeduplicator.streamKey(text, digest));
    if (target === undefined) return;
    const { encryptString } = this.#writer;
    const written = encryptString ? serialize(dict, this.#renumbering, encryptString) : text;
    this.#onWrite(written.length + Number(dict.get('Length')));
    this.#writer.stream(target, written, data, digest);
  }

  /** The number to write an object under. Undefined if an equal object was written already and replaces it. */
  #settle(num: SourceObjectNumber, key: string | undefined): TargetObjectNumber | undefined {
    const known = this.#numbers.get(num);
    const duplicate = key === undefined || known !== undefined ? undefined : this.#deduplicator.find(key);
    if (duplicate !== undefined) {
      this.#numbers.set(num, duplicate);
      return undefined;
    }
    const target = this.#numberOf(num);
    if (key !== undefined && known === undefined) this.#deduplicator.remember(key, target);
    return target;
  }

  #decryptor(raw: RawObject): ((bytes: Buffer) => Buffer) | undefined {
    if (raw.compressed || !this.#file.isEncrypted) return undefined;
    return (bytes) => this.#file.decryptString(bytes, raw);
  }
}
