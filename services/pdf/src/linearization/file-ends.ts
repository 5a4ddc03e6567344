import type { Encryptor } from '../encryption/create.js';
import { PdfDict } from '../syntax/objects.js';
import { serialize } from '../syntax/serializer.js';
import type { SourceObjectNumber, TargetObjectNumber } from '../syntax/object-numbers.js';
import { xrefStream } from '../writing/xref-stream.js';
import type { Place } from '../writing/xref-stream.js';
import type { BodyWriter } from './body-writer.js';
import { rawStream, streamObject } from './body-writer.js';
import { hintTables } from './hint-tables.js';
import type { GroupHint, Hints } from './hint-tables.js';
import type { Numbering } from './numbering.js';
import type { Partition } from './partition.js';

/** What surrounds the objects of a linearized file. */
export interface FileEnds {
  /** From the header to the first cross-reference. */
  readonly front: Buffer;
  readonly hints: Buffer;
  /** The main cross-reference and the end of the file. */
  readonly back: Buffer;
}

interface Layout {
  readonly header: string;
  readonly partition: Partition;
  readonly numbering: Numbering;
  readonly body: BodyWriter;
  /** Number of bytes of part 4, and of all parts. */
  readonly openBytes: number;
  readonly bodyBytes: number;
  /** Entries of the trailer for the whole document, with references of the source. */
  readonly trailer: PdfDict;
  readonly encryption: Encryptor | undefined;
}

/** The digits of an offset. Files are smaller than 10 GB. */
const OFFSET_DIGITS = 10;

/**
 * Builds what surrounds the body. The front contains offsets that depend on its own length, so it is built until it
 * fits its place. Spaces fill the rest.
 */
export function buildEnds(layout: Layout): FileEnds {
  for (let length = 0; ;) {
    const ends = new EndsBuilder(layout, length).build();
    if (ends.front.length <= length)
      return { ...ends, front: Buffer.concat([ends.front, Buffer.alloc(length - ends.front.length, ' ')]) };
    ({ length } = ends.front);
  }
}

class EndsBuilder {
  readonly #layout: Layout;
  readonly #frontBytes: number;
  readonly #hints: Buffer;

  constructor(layout: Layout, frontBytes: number) {
    this.#layout = layout;
    this.#frontBytes = frontBytes;
    this.#hints = this.#hintStream();
  }

  build(): FileEnds {
    const { header, bodyBytes } = this.#layout;
    const mainAt = this.#frontBytes + this.#hints.length + bodyBytes;
    const main = this.#mainXref(mainAt);
    const linearizationAt = header.length;
    const dictionaryBytes = this.#linearization(0, 0).length;
    const firstAt = linearizationAt + dictionaryBytes;
    const back = Buffer.concat([main, Buffer.from(`startxref\n${firstAt}\n%%EOF\n`)]);
    const first = this.#firstXref(firstAt, linearizationAt, mainAt);
    const dictionary = this.#linearization(mainAt + back.length, mainAt);
    const end = Buffer.from('startxref\n0\n%%EOF\n');
    return { front: Buffer.concat([Buffer.from(header, 'latin1'), dictionary, first, end]), hints: this.#hints, back };
  }

  /** The linearization parameter dictionary (table F.1), which has the same length for all offsets. */
  #linearization(fileBytes: number, mainAt: number): Buffer {
    const { partition, numbering, openBytes } = this.#layout;
    const [page] = partition.firstPage;
    const hintsAt = this.#frontBytes + openBytes;
    const pages = partition.otherPages.length + 1;
    const text = (offsets: readonly number[]): string => {
      const [total, start, end, main] = offsets.map(String);
      const number = page === undefined ? 0 : numbering.of(page);
      return (
        `<</Linearized 1/L ${total}/H[${start} ${this.#hints.length}]` + `/O ${number}/E ${end}/N ${pages}/T ${main}>>`
      );
    };
    const longest = text(Array.from({ length: 4 }, () => 10 ** OFFSET_DIGITS - 1)).length;
    const dict = text([fileBytes, hintsAt, this.#firstPageEnd(), mainAt]).padEnd(longest);
    return Buffer.from(`${numbering.linearization} 0 obj\n${dict}\nendobj\n`);
  }

  #firstPageEnd(): number {
    const { partition } = this.#layout;
    return Math.max(...partition.firstPage.map((num) => this.#offset(num) + this.#bytes(num))) + this.#hints.length;
  }

  /** The cross-reference of the objects up to the end of the first page, with the trailer of the document. */
  #firstXref(firstAt: number, linearizationAt: number, mainAt: number): Buffer {
    const { numbering, body, trailer } = this.#layout;
    const places = this.#places(numbering.linearization, numbering.size);
    places[0] = { offset: linearizationAt };
    places[1] = { offset: firstAt };
    places[numbering.hints - numbering.linearization] = { offset: this.#frontBytes + this.#layout.openBytes };
    const { dict, data } = xrefStream(places);
    for (const [key, value] of trailer) dict.set(key, value);
    dict.set('Size', numbering.size).set('Index', [numbering.linearization, places.length]);
    dict.set('Prev', mainAt).set('Length', data.length);
    return rawStream(numbering.firstXref, body.serialize(dict), data);
  }

  #mainXref(mainAt: number): Buffer {
    const { numbering } = this.#layout;
    const places = this.#places(0, numbering.linearization);
    places[numbering.mainXref] = { offset: mainAt };
    const { dict, data } = xrefStream(places);
    return rawStream(numbering.mainXref, serialize(dict.set('Length', data.length)), data);
  }

  #places(from: number, to: number): (Place | undefined)[] {
    const { body } = this.#layout;
    const places: (Place | undefined)[] = Array.from({ length: to - from }, () => undefined);
    for (const [num, { offset }] of body.ranges)
      if (num >= from && num < to) places[num - from] = { offset: this.#inFile(offset) };
    for (const [num, place] of body.compressed) if (num >= from && num < to) places[num - from] = place;
    return places;
  }

  /** The hint stream comes after part 4. */
  #inFile(offset: number): number {
    return this.#frontBytes + offset + (offset >= this.#layout.openBytes ? this.#hints.length : 0);
  }

  #hintStream(): Buffer {
    const { numbering, encryption } = this.#layout;
    const { data, sharedAt, outlinesAt } = hintTables(this.#readHints());
    return streamObject(numbering.hints, PdfDict.of({ S: sharedAt, O: outlinesAt }), data, encryption);
  }

  #readHints(): Hints {
    const { firstPage, otherPages, shared, sharedOf, outlines } = this.#layout.partition;
    const pages = [firstPage, ...otherPages].map((nums, page) => ({
      objects: nums.length,
      bytes: this.#sum(nums),
      shared: page === 0 ? [] : (sharedOf[page - 1] ?? []),
    }));
    const hints = {
      firstPageOffset: this.#group(firstPage).offset,
      pages,
      shared: {
        first: this.#group(shared),
        firstPageCount: firstPage.length,
        bytes: [...firstPage, ...shared].map((num) => this.#bytes(num)),
      },
    };
    if (outlines.length === 0) return hints;
    return { ...hints, outlines: { ...this.#group(outlines), objects: outlines.length, bytes: this.#sum(outlines) } };
  }

  #group([first]: readonly SourceObjectNumber[]): GroupHint {
    if (first === undefined) return { num: 0, offset: 0 };
    return { num: this.#layout.numbering.of(first) ?? 0, offset: this.#offset(first) };
  }

  #sum(nums: readonly SourceObjectNumber[]): number {
    return nums.reduce((sum, num) => sum + this.#bytes(num), 0);
  }

  /** The offset of an object, as if the hint stream did not exist (F.4.1). */
  #offset(num: SourceObjectNumber): number {
    return this.#frontBytes + (this.#range(num)?.offset ?? 0);
  }

  #bytes(num: SourceObjectNumber): number {
    return this.#range(num)?.length ?? 0;
  }

  #range(num: SourceObjectNumber): { readonly offset: number; readonly length: number } | undefined {
    const target: TargetObjectNumber | undefined = this.#layout.numbering.of(num);
    return target === undefined ? undefined : this.#layout.body.ranges.get(target);
  }
}
