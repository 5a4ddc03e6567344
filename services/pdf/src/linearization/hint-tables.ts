import { BitWriter } from '../images/bit-writer.js';
import { EncodedBytes } from '../images/encoded-bytes.js';

/** What the page offset hint table says about a page (ISO 32000-2, table F.4). */
interface PageHint {
  readonly objects: number;
  readonly bytes: number;
  /** Indexes into the shared object hint table. */
  readonly shared: readonly number[];
}

/** A group of objects: the number and offset of the first one. */
export interface GroupHint {
  readonly num: number;
  readonly offset: number;
}

/** What hint tables say about the objects of a file. Offsets count as if the hint stream did not exist. */
export interface Hints {
  readonly firstPageOffset: number;
  readonly pages: readonly PageHint[];
  readonly shared: {
    /** The first object after the first page that pages share. */
    readonly first: GroupHint;
    readonly firstPageCount: number;
    /** The length of each object. */
    readonly bytes: readonly number[];
  };
  readonly outlines?: GroupHint & { readonly objects: number; readonly bytes: number };
}

/** The data of a hint stream, and the offsets of the tables after the first one in it. */
export interface HintTables {
  readonly data: Buffer;
  readonly sharedAt: number;
  readonly outlinesAt: number | undefined;
}

/** Pages have no interleaved objects, so fractions of a page are never used. Acrobat writes 4. */
const FRACTION_DENOMINATOR = 4;

/** Builds the page offset, shared object and outline hint tables (F.4). */
export function hintTables({ firstPageOffset, pages, shared, outlines }: Hints): HintTables {
  const table = new HintWriter();
  writePages(table, firstPageOffset, pages, shared.bytes.length);
  const sharedAt = table.length;
  writeShared(table, shared);
  const outlinesAt = outlines ? table.length : undefined;
  if (outlines)
    for (const value of [outlines.num, outlines.offset, outlines.objects, outlines.bytes]) table.put(value, 32);
  return { data: table.toBuffer(), sharedAt, outlinesAt };
}

/** Tables F.3 and F.4. The length of the contents of a page is the length of the page, as Acrobat writes it. */
function writePages(table: HintWriter, firstPageOffset: number, pages: readonly PageHint[], sharedCount: number): void {
  const objects = new Column(pages.map((page) => page.objects));
  const bytes = new Column(pages.map((page) => page.bytes));
  const counts = pages.map(({ shared }) => shared.length);
  const [countBits, identifierBits] = [bitsOf(largest(counts)), bitsOf(sharedCount)];
  table.put(objects.least, 32);
  table.put(firstPageOffset, 32);
  table.put(objects.bits, 16);
  table.put(bytes.least, 32);
  table.put(bytes.bits, 16);
  table.put(0, 32);
  table.put(0, 16);
  table.put(bytes.least, 32);
  table.put(bytes.bits, 16);
  for (const value of [countBits, identifierBits, 0, FRACTION_DENOMINATOR]) table.put(value, 16);
  table.column(objects.differences, objects.bits);
  table.column(bytes.differences, bytes.bits);
  table.column(counts, countBits);
  table.column(
    pages.flatMap(({ shared }) => shared),
    identifierBits,
  );
  table.column(bytes.differences, bytes.bits);
}

/** Tables F.5 and F.6. Each group has one object and no signature. */
function writeShared(table: HintWriter, { first, firstPageCount, bytes }: Hints['shared']): void {
  const lengths = new Column(bytes);
  for (const value of [first.num, first.offset, firstPageCount, bytes.length]) table.put(value, 32);
  table.put(0, 16);
  table.put(lengths.least, 32);
  table.put(lengths.bits, 16);
  table.column(lengths.differences, lengths.bits);
  table.column(
    bytes.map(() => 0),
    1,
  );
}

/** Values as differences from the least one. */
class Column {
  readonly least: number;
  readonly differences: readonly number[];
  readonly bits: number;

  constructor(values: readonly number[]) {
    this.least = values.reduce((least, value) => Math.min(least, value), values[0] ?? 0);
    this.differences = values.map((value) => value - this.least);
    this.bits = bitsOf(largest(this.differences));
  }
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

/** Number of bits that a value needs. 0 needs none. */
function bitsOf(value: number): number {
  let bits = 0;
  for (let rest = value; rest >= 1; rest /= 2) bits += 1;
  return bits;
}

const HALF = 0x1_0000;

class HintWriter {
  readonly #bytes = new EncodedBytes();
  readonly #bits = new BitWriter(this.#bytes);

  /** Number of complete bytes. */
  get length(): number {
    return this.#bytes.length;
  }

  /** Writes an integer of at most 32 bits. */
  put(value: number, bits: number): void {
    if (bits > 16) this.#bits.write({ bits: Math.floor(value / HALF), length: bits - 16 });
    if (bits > 0) this.#bits.write({ bits: value % HALF, length: Math.min(bits, 16) });
  }

  /** Writes one item of all pages or objects, and fills the last byte. */
  column(values: readonly number[], bits: number): void {
    for (const value of values) this.put(value, bits);
    this.#bits.finish();
  }

  toBuffer(): Buffer {
    return Buffer.from(this.#bytes.toBytes());
  }
}
