import type { DecodingBudget } from './budget.js';

const END_OF_DATA = 0x3e;
const NO_DIGIT = 0xff;
const DIGITS = hexDigits();

/**
 * ASCIIHexDecode (7.4.2). Adds a 0 after an odd last digit. Skips other characters and tolerates a missing end-of-data
 * marker. Throws the budget's error for too much output.
 */
export function decodeAsciiHex(data: Buffer, budget: DecodingBudget): Buffer {
  const bytes = Buffer.allocUnsafe(Math.min(Math.ceil(data.length / 2), budget.limit));
  let length = 0;
  let high = NO_DIGIT;
  for (let at = 0; at < data.length;) {
    const byte = data[at] ?? END_OF_DATA;
    at += 1;
    const digit = DIGITS[byte] ?? NO_DIGIT;
    if (digit < NO_DIGIT && high < NO_DIGIT) {
      if (length === bytes.length) throw budget.exceeded();
      bytes[length] = high * 16 + digit;
      length += 1;
      high = NO_DIGIT;
    } else if (digit < NO_DIGIT) high = digit;
    else if (byte === END_OF_DATA) break;
  }
  if (high === NO_DIGIT) return bytes.subarray(0, length);
  if (length === bytes.length) throw budget.exceeded();
  bytes[length] = high * 16;
  return bytes.subarray(0, length + 1);
}

function hexDigits(): Uint8Array {
  const digits = new Uint8Array(256).fill(NO_DIGIT);
  for (let value = 0; value < 16; value += 1) {
    const digit = value.toString(16);
    digits[digit.charCodeAt(0)] = value;
    digits[digit.toUpperCase().charCodeAt(0)] = value;
  }
  return digits;
}
