import type { RawObject } from '../file/indirect-object.js';
import type { PdfFile } from '../file/pdf-file.js';
import { FIXUP_FIELDS, Fixup } from '../syntax/scanner.js';
import { PdfDict, PdfStream } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import { serialize } from '../syntax/serializer.js';
import { LARGE_BYTES, LargeValues } from './large-values.js';
import { rawReferencesOf, referencesOf } from './references.js';
import { ESCAPE } from './rewriters.js';
import type { SourceObjectNumber, TargetObjectNumber } from '../syntax/object-numbers.js';
import { NULL_TARGET } from '../syntax/object-numbers.js';

/** Maximum size of the raw objects that are cached for the next repetition, in bytes. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024;
const STRUCT_PARENT = Buffer.from('/StructParent');

/**
 * Decides which objects repeated pages share. A bound object is copied for each repetition: it is placed, overridden or
 * rewritten, has a parent tree key, or refers to a bound object. All other objects are copied once.
 */
export class SharedObjects {
  readonly #file: PdfFile;
  readonly #isTagged: boolean;
  readonly #explored = new Set<SourceObjectNumber>();
  readonly #bound = new Set<SourceObjectNumber>();
  readonly #pinned = new Set<SourceObjectNumber>();
  readonly #markers = new Map<string, Buffer>();
  /** The referrers of each object as a linked list of edges. Bound objects need none. */
  readonly #firstEdge = new Map<SourceObjectNumber, number>();
  readonly #edgeFrom: SourceObjectNumber[] = [];
  readonly #edgeNext: number[] = [];
  readonly #kept = new Map<SourceObjectNumber, RawObject>();
  #keptBytes = 0;
  #write: (value: PdfObject) => TargetObjectNumber = () => NULL_TARGET;
  readonly #reduced = new Map<unknown, PdfObject>();
  #large: LargeValues;

  constructor(file: PdfFile) {
    this.#file = file;
    this.#large = this.#newLargeValues();
    this.#isTagged = file.catalogEntry('StructTreeRoot') !== null;
  }

  /** Shares an object although it refers to bound ones. Its references lead to the first copies. */
  pin(num: SourceObjectNumber): void {
    this.#pinned.add(num);
  }

  /** Binds an object and all objects that refer to it. */
  bind(num: SourceObjectNumber): void {
    if (this.#bound.has(num)) return;
    this.#spread(num);
    this.#forgetReduced();
  }

  /** Binds an object and all known objects that refer to it. */
  #spread(num: SourceObjectNumber): void {
    const left = [num];
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      if (this.#bound.has(next) || this.#pinned.has(next)) continue;
      this.#bound.add(next);
      for (let edge = this.#firstEdge.get(next); edge !== undefined && edge >= 0; edge = this.#edgeNext[edge])
        left.push(this.#edgeFrom[edge] ?? next);
      this.#firstEdge.delete(next);
    }
  }

  /** Binds the objects that contain one of these markers. */
  bindMarked(markers: readonly string[]): void {
    const added = markers.filter((marker) => !this.#markers.has(marker)).map((marker) => Buffer.from(marker));
    if (added.length === 0) return;
    for (const marker of added) this.#markers.set(marker.toString(), marker);
    for (const num of this.#explored) {
      const raw = this.#bound.has(num) ? undefined : this.#file.raw(num);
      if (raw && this.#includesAny(raw, added)) this.bind(num);
    }
  }

  isBound(num: SourceObjectNumber): boolean {
    if (!this.#explored.has(num) && !this.#bound.has(num)) this.#explore(num);
    return this.#bound.has(num);
  }

  /** Sets the function of the first copier that writes values which all repetitions share. */
  writeWith(write: (value: PdfObject) => TargetObjectNumber): void {
    this.#write = write;
  }

  /** Returns a copy that may be changed, with references instead of large shared parts. */
  reduce(value: PdfObject): PdfObject {
    if (value instanceof PdfStream) return new PdfStream(new PdfDict(value.dict), value.data, value.id);
    return this.#large.reduce(value);
  }

  /** Returns a large object without its large parts. Undefined for a small object and for a stream. */
  reduced(num: SourceObjectNumber): PdfObject | undefined {
    const raw = this.raw(num);
    if (!raw || raw.dataOffset !== undefined || raw.end - raw.start <= LARGE_BYTES) return undefined;
    return this.reducedOnce(num, () => this.#file.parse(raw));
  }

  /** Builds a value once per key, without its large parts. Do not change the result. */
  reducedOnce(key: unknown, make: () => PdfObject): PdfObject {
    const known = this.#reduced.get(key);
    if (known !== undefined) return known;
    const reduced = this.reduce(make());
    this.#reduced.set(key, reduced);
    return reduced;
  }

  #newLargeValues(): LargeValues {
    return new LargeValues((part) => (this.#isShareable(part) ? this.#write(part) : undefined));
  }

  /** Values shared so far may refer to an object that is bound now. */
  #forgetReduced(): void {
    if (this.#reduced.size === 0) return;
    this.#reduced.clear();
    this.#large = this.#newLargeValues();
  }

  #isShareable(part: PdfObject): boolean {
    if (referencesOf(part).some((num) => this.isBound(num))) return false;
    const text = serialize(part);
    return ![...this.#markers.keys(), ...(this.#isTagged ? ['/StructParent'] : [])].some((marker) =>
      text.includes(marker),
    );
  }

  /** Like `raw` of the file. Caches the object, because the next repetition needs it again. */
  raw(num: SourceObjectNumber): RawObject | undefined {
    const kept = this.#kept.get(num);
    if (kept) return kept;
    const raw = this.#file.raw(num);
    if (!raw || this.#keptBytes + raw.end - raw.start > MAX_KEPT_BYTES) return raw;
    const detached = detach(raw);
    this.#keptBytes += raw.end - raw.start;
    this.#kept.set(num, detached);
    return detached;
  }

  /** Follows the references of an object to all objects that are not explored yet. */
  #explore(start: SourceObjectNumber): void {
    const left = [start];
    for (let num = left.pop(); num !== undefined; num = left.pop()) {
      if (this.#explored.has(num) || this.#bound.has(num) || this.#pinned.has(num)) continue;
      this.#explored.add(num);
      const raw = this.#file.raw(num);
      if (!raw) continue;
      if (this.#bindsItself(raw)) this.#spread(num);
      else this.#link(num, raw.fixups ? rawReferencesOf(raw) : referencesOf(this.#file.parse(raw)), left);
    }
  }

  #link(num: SourceObjectNumber, references: readonly SourceObjectNumber[], left: SourceObjectNumber[]): void {
    if (references.some((reference) => this.#bound.has(reference))) {
      this.#spread(num);
      return;
    }
    for (const reference of references) {
      this.#edgeNext.push(this.#firstEdge.get(reference) ?? -1);
      this.#firstEdge.set(reference, this.#edgeFrom.push(num) - 1);
      left.push(reference);
    }
  }

  #bindsItself(raw: RawObject): boolean {
    return (this.#isTagged && hasStructParent(raw)) || this.#includesAny(raw, this.#markers.values());
  }

  /** A name may be written with escapes, which the parsed value does not have. */
  #includesAny(raw: RawObject, markers: Iterable<Buffer>): boolean {
    if (includesAny(raw, [ESCAPE])) {
      const bytes = Buffer.from(serialize(this.#file.parse(raw)), 'latin1');
      return includesAny({ bytes, start: 0, end: bytes.length }, markers);
    }
    return includesAny(raw, markers);
  }
}

function hasStructParent(raw: RawObject): boolean {
  const { fixups } = raw;
  if (!fixups) return includesAny(raw, [STRUCT_PARENT]);
  for (let at = 0; at < fixups.length; at += FIXUP_FIELDS) if (fixups[at] === Fixup.StructParent) return true;
  return false;
}

function includesAny(
  { bytes, start, end }: Pick<RawObject, 'bytes' | 'start' | 'end'>,
  markers: Iterable<Buffer>,
): boolean {
  const view = bytes.subarray(start, end);
  for (const marker of markers) if (view.includes(marker)) return true;
  return false;
}

/** Copies the object's bytes, so that its large container can be freed. */
function detach(raw: RawObject): RawObject {
  const { bytes, start, end, fixups } = raw;
  const moved = fixups?.map((value, at) => {
    const isOffset = at % FIXUP_FIELDS === 1 || at % FIXUP_FIELDS === 2;
    return isOffset ? value - start : value;
  });
  return { ...raw, bytes: Buffer.from(bytes.subarray(start, end)), start: 0, end: end - start, fixups: moved };
}
