const MAX_CODE_BITS = 15;
/** Codes of up to this many bits are found in one step. */
const QUICK_BITS = 9;

/** Instead of a value: the data end here, or hold a code that stands for nothing. */
export const DAMAGE = -1;

/** A Huffman code (RFC 1951, 3.2.2). */
export interface Code {
  /** How many symbols have a code of each length. */
  readonly counts: Uint16Array;
  /** The symbols in the order of their codes. */
  readonly symbols: Uint16Array;
  /** By the next bits of the data: 16 times the symbol, plus the length of its code; 0 where that is longer. */
  readonly quick: Uint16Array;
}

/** Whether lengths of codes ask for more codes than there are. */
export function isOverfull(lengths: Uint8Array): boolean {
  let taken = 0;
  for (const length of lengths) if (length > 0) taken += 1 << (MAX_CODE_BITS - length);
  return taken > 1 << MAX_CODE_BITS;
}

/** The code whose symbols, 0 and up, have codes of these lengths, of 15 bits at most; 0 where a symbol has none. */
export function buildCode(lengths: Uint8Array): Code {
  const counts = new Uint16Array(MAX_CODE_BITS + 1);
  for (const length of lengths) if (length > 0) counts[length] = (counts[length] ?? 0) + 1;
  const places = new Uint16Array(MAX_CODE_BITS + 1);
  const codes = new Uint16Array(MAX_CODE_BITS + 1);
  let place = 0;
  let code = 0;
  for (let length = 1; length <= MAX_CODE_BITS; length += 1) {
    code *= 2;
    places[length] = place;
    codes[length] = code;
    place += counts[length] ?? 0;
    code += counts[length] ?? 0;
  }
  const symbols = new Uint16Array(lengths.length);
  const quick = new Uint16Array(1 << QUICK_BITS);
  for (const [symbol, length] of lengths.entries()) {
    if (length === 0) continue;
    symbols[next(places, length)] = symbol;
    addQuick(quick, next(codes, length), length, symbol);
  }
  return { counts, symbols, quick };
}

function next(counters: Uint16Array, length: number): number {
  const value = counters[length] ?? 0;
  counters[length] = value + 1;
  return value;
}

/** Codes are written from their most significant bit on, and so lie mirrored in the data. */
function addQuick(quick: Uint16Array, code: number, length: number, symbol: number): void {
  if (length > QUICK_BITS) return;
  let mirrored = 0;
  for (let bit = 0; bit < length; bit += 1) mirrored |= ((code >> bit) & 1) << (length - 1 - bit);
  for (let at = mirrored; at < quick.length; at += 1 << length) quick[at] = symbol * 16 + length;
}

/** Reads bits from the least significant of each byte on (RFC 1951, 3.1.1). */
export class Bits {
  /** True once more bits were asked for than there are. */
  ended = false;
  readonly #data: Buffer;
  #position = 0;
  #held = 0;
  #count = 0;

  constructor(data: Buffer) {
    this.#data = data;
  }

  /** A number of at most 15 bits. */
  take(count: number): number {
    if (this.#count < count) this.#fill();
    if (this.#count < count) return this.#end();
    const value = this.#held & ((1 << count) - 1);
    this.#drop(count);
    return value;
  }

  symbol(code: Code): number {
    if (this.#count < MAX_CODE_BITS) this.#fill();
    const entry = code.quick[this.#held & ((1 << QUICK_BITS) - 1)] ?? 0;
    const length = entry & 15;
    if (length === 0 || length > this.#count) return this.#longSymbol(code);
    this.#drop(length);
    return entry >> 4;
  }

  /** A number that is written as a symbol and extra bits. */
  extended(base: readonly number[], extraBits: readonly number[], symbol: number): number {
    const least = base[symbol];
    if (least === undefined) return DAMAGE;
    const extra = this.take(extraBits[symbol] ?? 0);
    return extra === DAMAGE ? DAMAGE : least + extra;
  }

  /** A number of two whole bytes; the bits left of the byte before them are skipped. */
  alignedUint16(): number {
    this.#drop(this.#count & 7);
    const low = this.take(8);
    const high = this.take(8);
    return this.ended ? DAMAGE : high * 256 + low;
  }

  /** The next whole bytes, fewer where the data end. */
  alignedBytes(count: number): Buffer {
    const start = this.#position - (this.#count >> 3);
    this.#held = 0;
    this.#count = 0;
    this.#position = Math.min(start + count, this.#data.length);
    return this.#data.subarray(start, this.#position);
  }

  /** Bit by bit: `first` is the first code of each length, `place` where its symbol is. */
  #longSymbol(code: Code): number {
    let bits = 0;
    let first = 0;
    let place = 0;
    for (let length = 1; length <= MAX_CODE_BITS; length += 1) {
      const bit = this.take(1);
      if (bit === DAMAGE) return DAMAGE;
      bits = 2 * bits + bit;
      first *= 2;
      const count = code.counts[length] ?? 0;
      if (bits - first < count) return code.symbols[place + bits - first] ?? DAMAGE;
      first += count;
      place += count;
    }
    return DAMAGE;
  }

  #fill(): void {
    while (this.#count < MAX_CODE_BITS) {
      const byte = this.#data[this.#position];
      if (byte === undefined) return;
      this.#held |= byte << this.#count;
      this.#position += 1;
      this.#count += 8;
    }
  }

  #drop(count: number): void {
    this.#held >>>= count;
    this.#count -= count;
  }

  #end(): number {
    this.ended = true;
    return DAMAGE;
  }
}
