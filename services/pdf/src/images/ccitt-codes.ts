import { BLACK_RUNS, WHITE_RUNS, codeWord } from './run-codes.js';
import type { CodeWord, RunCodes } from './run-codes.js';

/** Bits of the longest code word of a run and of a mode. */
export const RUN_BITS = 13;
export const MODE_BITS = 7;

/** Modes of two-dimensional coding (T.6, table 1). A vertical mode is its a1 - b1, from -3 to 3. */
export const PASS_MODE = 4;
export const HORIZONTAL_MODE = 5;

/**
 * Finds code words by the next bits of the data. An entry is 16 x the value + the length of the code word. The entry of
 * bits that start no code word is 0.
 */
export type CodeTable = Int32Array;

export const WHITE_TABLE = runTable(WHITE_RUNS);
export const BLACK_TABLE = runTable(BLACK_RUNS);

/** The values of this table are 3 higher than the modes, so that none is negative. */
export const MODE_OFFSET = 3;
export const MODE_TABLE = modeTable();

function runTable({ terminating, makeUp }: RunCodes): CodeTable {
  const table = new Int32Array(1 << RUN_BITS);
  for (const [run, word] of terminating.entries()) addCode(table, RUN_BITS, word, run);
  for (const [at, word] of makeUp.entries()) addCode(table, RUN_BITS, word, 64 * (at + 1));
  return table;
}

function modeTable(): CodeTable {
  const table = new Int32Array(1 << MODE_BITS);
  const vertical = ['0000010', '000010', '010', '1', '011', '000011', '0000011'];
  for (const [value, digits] of vertical.entries()) addCode(table, MODE_BITS, codeWord(digits), value);
  addCode(table, MODE_BITS, codeWord('0001'), PASS_MODE + MODE_OFFSET);
  addCode(table, MODE_BITS, codeWord('001'), HORIZONTAL_MODE + MODE_OFFSET);
  return table;
}

/** Fills the entries of all bits that start with a code word. */
function addCode(table: CodeTable, bits: number, { bits: code, length }: CodeWord, value: number): void {
  const first = code << (bits - length);
  table.fill(value * 16 + length, first, first + (1 << (bits - length)));
}
