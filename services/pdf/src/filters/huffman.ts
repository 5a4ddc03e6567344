const MAX_CODE_BITS = 15;
/** Codes of up to this many bits are found by one lookup. */
const QUICK_BITS = 9;

/** Returned instead of a value at the end of the data and for an unassigned code. */
export const DAMAGE = -1;

/** A Huffman code (RFC 1951, 3.2.2). */
export interface Code {
  /** Number of symbols for each code length. */
  readonly counts: Uint16Array;
  /** The symbols in the order of their codes. */
  readonly symbols: Uint16Array;
  /** Lookup by the next bits: 16 times the symbol plus the length of its code, or 0 if the code is longer. */
  readonly quick: Uint16Array;
}

/** Whether the code lengths need more codes than exist. */
export function isOverfull(lengths: Uint8Array): boolean {
  let taken = 0;
  for (const length of lengths) if (length > 0) taken += 1 << (MAX_CODE_BITS - length);
  return taken > 1 << MAX_CODE_BITS;
}

/**
 * Builds the code for symbols from 0 with these lengths of at most 15 bits. Length 0 means that a symbol has no code.
 */
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

/** Codes start at their most significant bit, so they are mirrored in the data. */
function addQuick(quick: Uint16Array, code: number, length: number, symbol: number): void {
  if (length > QUICK_BITS) return;
  let mirrored = 0;
  for (let bit = 0; bit < length; bit += 1) mirrored |= ((code >> bit) & 1) << (length - 1 - bit);
  for (let at = mirrored; at < quick.length; at += 1 << length) quick[at] = symbol * 16 + length;
}

/** Reads bits from the least significant one of each byte (RFC 1951, 3.1.1). */
export class Bits {
  /** Whether more bits were requested than exist. */
  ended = false;
  readonly #data: Buffer;
  #position = 0;
  #held = 0;
  #count = 0;

  constructor(data: Buffer) {
    this.#data = data;
  }

  /** Reads a number of at most 15 bits. */
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

  /** Reads a number that is encoded as a symbol and extra bits. */
  extended(base: readonly number[], extraBits: readonly number[], symbol: number): number {
    const least = base[symbol];
    if (least === undefined) return DAMAGE;
    const extra = this.take(extraBits[symbol] ?? 0);
    return extra === DAMAGE ? DAMAGE : least + extra;
  }

  /** Reads a number of two whole bytes. Skips the remaining bits of the current byte. */
  alignedUint16(): number {
    this.#drop(this.#count & 7);
    const low = this.take(8);
    const high = this.take(8);
    return this.ended ? DAMAGE : high * 256 + low;
  }

  /** Reads whole bytes, fewer at the end of the data. */
  alignedBytes(count: number): Buffer {
    const start = this.#position - (this.#count >> 3);
    this.#held = 0;
    this.#count = 0;
    this.#position = Math.min(start + count, this.#data.length);
    return this.#data.subarray(start, this.#position);
  }

  /** Decodes bit by bit. `first` is the first code of each length, and `place` the position of its symbol. */
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
