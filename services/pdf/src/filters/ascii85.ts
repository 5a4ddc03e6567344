import type { DecodingBudget } from './budget.js';
import { Output } from './output.js';
import { skipWhitespace } from './whitespace.js';

const FIRST_DIGIT = 0x21;
const LAST_DIGIT = 0x75;
const FOUR_ZEROS = 0x7a;
const END_OF_DATA = 0x7e;
const LESS_THAN = 0x3c;
const GROUP_DIGITS = 5;

/**
 * ASCII85Decode (7.4.3). Skips a leading `<~`, as PostScript has it, and all other characters without a meaning.
 * Tolerates a missing end-of-data marker. Throws the budget's error for too much output.
 */
export function decodeAscii85(data: Buffer, budget: DecodingBudget): Buffer {
  const output = new Output(Math.ceil((data.length * 4) / GROUP_DIGITS), budget);
  let group = 0;
  let digits = 0;
  for (let at = firstDigit(data); at < data.length; at += 1) {
    const byte = data[at] ?? END_OF_DATA;
    if (byte >= FIRST_DIGIT && byte <= LAST_DIGIT) {
      group = group * 85 + byte - FIRST_DIGIT;
      digits += 1;
      if (digits < GROUP_DIGITS) continue;
      writeGroup(output, group);
      group = 0;
      digits = 0;
    } else if (byte === FOUR_ZEROS && digits === 0) writeGroup(output, 0);
    else if (byte === END_OF_DATA) break;
  }
  writePartial(output, group, digits);
  return output.finish();
}

function firstDigit(data: Buffer): number {
  const start = skipWhitespace(data);
  return data[start] === LESS_THAN && data[start + 1] === END_OF_DATA ? start + 2 : start;
}

/** A last group of n digits contains n - 1 bytes. It is decoded as if it were filled with the highest digit. */
function writePartial(output: Output, group: number, digits: number): void {
  let whole = group;
  for (let digit = digits; digit < GROUP_DIGITS; digit += 1) whole = whole * 85 + LAST_DIGIT - FIRST_DIGIT;
  for (let byte = 1; byte < digits; byte += 1) output.push((whole / 2 ** (32 - 8 * byte)) & 0xff);
}

/** A group above 2^32 - 1 is an error. Its low 32 bits are used. */
function writeGroup(output: Output, group: number): void {
  output.reserve(4);
  output.bytes.writeUInt32BE(group % 2 ** 32, output.length);
  output.length += 4;
}
