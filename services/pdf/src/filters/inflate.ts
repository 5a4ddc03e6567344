import type { DecodingBudget } from './budget.js';
import { Bits, DAMAGE, buildCode, isOverfull } from './huffman.js';
import type { Code } from './huffman.js';
import { Output } from './output.js';

/** Length codes 257 to 285 (RFC 1951, 3.2.5): the minimum length of each and the number of its extra bits. */
const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];

/** Distance codes 0 to 29. */
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
];
const DISTANCE_BITS = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];

/** The order of the code lengths' code lengths (RFC 1951, 3.2.7). */
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const END_OF_BLOCK = 256;

const FIXED_LITERALS = fixedCode([
  [144, 8],
  [112, 9],
  [24, 7],
  [8, 8],
]);
const FIXED_DISTANCES = fixedCode([[30, 5]]);

/**
 * Inflates raw deflate data (RFC 1951) up to the first error. For data that zlib refused, because zlib is much faster
 * but returns nothing for damaged data. Throws the budget's error for too much output.
 */
export function inflateDamaged(data: Buffer, budget: DecodingBudget): Buffer {
  const bits = new Bits(data);
  const output = new Output(4 * data.length, budget);
  let more = true;
  while (more) {
    const last = bits.take(1) === 1;
    more = inflateBlock(bits, output) && !last;
  }
  return output.finish();
}

/** Returns false if the block is damaged. */
function inflateBlock(bits: Bits, output: Output): boolean {
  switch (bits.take(2)) {
    case 0:
      return copyStored(bits, output);
    case 1:
      return inflateSymbols(bits, output, FIXED_LITERALS, FIXED_DISTANCES);
    case 2: {
      const codes = readCodes(bits);
      return codes !== undefined && inflateSymbols(bits, output, codes.literals, codes.distances);
    }
    default:
      return false;
  }
}

function copyStored(bits: Bits, output: Output): boolean {
  const length = bits.alignedUint16();
  const complement = bits.alignedUint16();
  if (length === DAMAGE || complement === DAMAGE || length !== (complement ^ 0xffff)) return false;
  const stored = bits.alignedBytes(length);
  output.append(stored, 0, stored.length);
  return stored.length === length;
}

function inflateSymbols(bits: Bits, output: Output, literals: Code, distances: Code): boolean {
  for (;;) {
    const symbol = bits.symbol(literals);
    if (symbol === END_OF_BLOCK) return true;
    if (symbol === DAMAGE) return false;
    if (symbol < END_OF_BLOCK) {
      output.push(symbol);
    } else if (!copyMatch(bits, output, symbol, distances)) return false;
  }
}

function copyMatch(bits: Bits, output: Output, symbol: number, distances: Code): boolean {
  const length = bits.extended(LENGTH_BASE, LENGTH_BITS, symbol - END_OF_BLOCK - 1);
  if (length === DAMAGE) return false;
  const distance = bits.extended(DISTANCE_BASE, DISTANCE_BITS, bits.symbol(distances));
  if (distance === DAMAGE || distance > output.length) return false;
  output.repeat(distance, length);
  return true;
}

/** Reads the two codes at the start of a dynamic block (RFC 1951, 3.2.7). */
function readCodes(bits: Bits): { literals: Code; distances: Code } | undefined {
  const literals = bits.take(5) + 257;
  const distances = bits.take(5) + 1;
  const count = bits.take(4) + 4;
  if (literals > 286 || distances > 30) return undefined;
  const codeLengths = new Uint8Array(CODE_LENGTH_ORDER.length);
  for (const symbol of CODE_LENGTH_ORDER.slice(0, count)) codeLengths[symbol] = bits.take(3);
  if (bits.ended || isOverfull(codeLengths)) return undefined;
  const lengths = readLengths(bits, buildCode(codeLengths), literals + distances);
  if (!lengths || lengths[END_OF_BLOCK] === 0) return undefined;
  const parts = [lengths.subarray(0, literals), lengths.subarray(literals)] as const;
  if (parts.some(isOverfull)) return undefined;
  return { literals: buildCode(parts[0]), distances: buildCode(parts[1]) };
}

function readLengths(bits: Bits, code: Code, total: number): Uint8Array | undefined {
  const lengths = new Uint8Array(total);
  for (let at = 0; at < total;) {
    const symbol = bits.symbol(code);
    if (symbol === DAMAGE || (symbol === 16 && at === 0)) return undefined;
    const { value, repeat } = lengthRun(bits, symbol, lengths[at - 1] ?? 0);
    if (bits.ended || at + repeat > total) return undefined;
    lengths.fill(value, at, at + repeat);
    at += repeat;
  }
  return lengths;
}

function lengthRun(bits: Bits, symbol: number, previous: number): { value: number; repeat: number } {
  if (symbol === 16) return { value: previous, repeat: 3 + bits.take(2) };
  if (symbol === 17) return { value: 0, repeat: 3 + bits.take(3) };
  if (symbol === 18) return { value: 0, repeat: 11 + bits.take(7) };
  return { value: symbol, repeat: 1 };
}

function fixedCode(runs: readonly (readonly [count: number, bits: number])[]): Code {
  return buildCode(Uint8Array.from(runs.flatMap(([count, bits]) => new Array<number>(count).fill(bits))));
}
