import { BitWriter } from './bit-writer.js';
import { checkBilevelImage } from './bilevel-image.js';
import type { BilevelImage } from './bilevel-image.js';
import { findChanges, whiteRow } from './changing-elements.js';
import { EncodedBytes } from './encoded-bytes.js';
import { BLACK_RUNS, WHITE_RUNS, codeWord } from './run-codes.js';
import type { CodeWord, RunCodes } from './run-codes.js';

/** The code words of the modes (T.6, table 1). Vertical ones are in the order of a1 - b1 from -3 to 3. */
const PASS = codeWord('0001');
const HORIZONTAL = codeWord('001');
const VERTICAL = ['0000010', '000010', '010', '1', '011', '000011', '0000011'].map((digits) => codeWord(digits));
const MAX_VERTICAL = 3;
/** Half of the end-of-facsimile-block code (T.6, 2.4.1.1). */
const END_OF_LINE = codeWord('000000000001');

/** Stands for an index that the tables do not have. */
const NO_CODE: CodeWord = { bits: 0, length: 0 };
/** The longest run of one make-up code word. */
const MAX_MAKE_UP = 2560;

/**
 * Returns an image as CCITT Group 4 (T.6), which is what a stream with /CCITTFaxDecode and /K -1 holds (ISO 32000-2,
 * 7.4.6). It has all rows, not byte-aligned, and the end-of-facsimile-block code. It needs memory for the result and
 * eight bytes per column. Throws a `RangeError` if the sides of the image are out of range or its data are too short.
 */
export function encodeCcittG4(image: BilevelImage): Uint8Array {
  checkBilevelImage(image);
  const output = new EncodedBytes();
  const writer = new BitWriter(output);
  let [coding, reference] = [whiteRow(image.width), whiteRow(image.width)];
  for (let y = 0; y < image.height; y += 1) {
    findChanges(image, y, coding);
    encodeRow(writer, coding, reference, image.width);
    [coding, reference] = [reference, coding];
  }
  writer.write(END_OF_LINE);
  writer.write(END_OF_LINE);
  writer.finish();
  return output.toBytes();
}

/**
 * Codes the changing elements of a row against those of the row above, as in the flow diagram of figure 7 (T.6, 2.2.5).
 */
function encodeRow(writer: BitWriter, coding: Int32Array, reference: Int32Array, width: number): void {
  /** Position of a1 in `coding`; odd if the pixels from a0 on are black. */
  let next = 0;
  /** Position of b1 in `reference`; odd if `next` is. */
  let above = 0;
  for (let a0 = -1; a0 < width;) {
    while (elementAt(reference, above) <= a0) above += 2;
    const a1 = elementAt(coding, next);
    const b2 = elementAt(reference, above + 1);
    const vertical = verticalCode(a1 - elementAt(reference, above));
    if (b2 < a1) {
      writer.write(PASS);
      a0 = b2;
    } else if (vertical) {
      writer.write(vertical);
      a0 = a1;
      next += 1;
      above += above > 0 ? -1 : 1;
    } else {
      const a2 = elementAt(coding, next + 1);
      const isBlack = next % 2 === 1;
      writer.write(HORIZONTAL);
      writeRun(writer, isBlack ? BLACK_RUNS : WHITE_RUNS, a1 - Math.max(a0, 0));
      writeRun(writer, isBlack ? WHITE_RUNS : BLACK_RUNS, a2 - a1);
      a0 = a2;
      next += 2;
    }
  }
}

/** The sentinels of `findChanges` keep every position that the coder needs inside the array. */
function elementAt(changes: Int32Array, position: number): number {
  return changes[position] ?? Infinity;
}

/** The code word for a1 - b1, or undefined if the distance is too large for vertical mode. */
function verticalCode(offset: number): CodeWord | undefined {
  return Math.abs(offset) <= MAX_VERTICAL ? VERTICAL[offset + MAX_VERTICAL] : undefined;
}

/** Codes a run in make-up code words and the terminating one (T.6, 2.2.4). */
function writeRun(writer: BitWriter, { makeUp, terminating }: RunCodes, length: number): void {
  let left = length;
  for (; left >= MAX_MAKE_UP; left -= MAX_MAKE_UP) writer.write(makeUp[MAX_MAKE_UP / 64 - 1] ?? NO_CODE);
  if (left >= 64) writer.write(makeUp[(left >> 6) - 1] ?? NO_CODE);
  writer.write(terminating[left & 63] ?? NO_CODE);
}
