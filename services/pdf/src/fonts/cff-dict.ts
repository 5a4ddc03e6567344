import { FontBytes } from './font-bytes.js';
import { FontError } from './font-error.js';

/** Operators of a Top DICT and a Private DICT (TN 5176, tables 9, 10 and 23). Two-byte operators start with 12. */
export const CffOperator = {
  FontBBox: 5,
  BlueValues: 6,
  OtherBlues: 7,
  FamilyBlues: 8,
  FamilyOtherBlues: 9,
  StdHW: 10,
  StdVW: 11,
  Charset: 15,
  Encoding: 16,
  CharStrings: 17,
  Private: 18,
  Subrs: 19,
  DefaultWidthX: 20,
  NominalWidthX: 21,
  PaintType: 0x0c05,
  CharstringType: 0x0c06,
  FontMatrix: 0x0c07,
  BlueScale: 0x0c09,
  BlueShift: 0x0c0a,
  BlueFuzz: 0x0c0b,
  StemSnapH: 0x0c0c,
  StemSnapV: 0x0c0d,
  ForceBold: 0x0c0e,
  LanguageGroup: 0x0c11,
  ExpansionFactor: 0x0c12,
  Ros: 0x0c1e,
  FdArray: 0x0c24,
  FdSelect: 0x0c25,
} as const;

/** The operands of a DICT by their operators. */
export type CffDict = ReadonlyMap<number, readonly number[]>;

/** Maximum number of operands (TN 5176, 4). */
const MAX_OPERANDS = 513;
/** The digits of a real number (TN 5176, table 5). The last value ends it. */
const REAL_DIGITS: readonly string[] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.', 'E', 'E-', '', '-'];
const END_OF_REAL = 15;

/** Reads the operators of a DICT (TN 5176, 4). Throws a `FontError` if an operand is invalid. */
export function readCffDict(bytes: Uint8Array): CffDict {
  const reader = new FontBytes(bytes);
  const dict = new Map<number, number[]>();
  let operands: number[] = [];
  while (reader.at < bytes.length) {
    const byte = reader.uint8();
    if (byte > 21) operands.push(readOperand(reader, byte));
    else {
      dict.set(byte === 12 ? 0x0c00 + reader.uint8() : byte, operands);
      operands = [];
    }
    if (operands.length > MAX_OPERANDS) throw new FontError('has a dictionary with too many operands');
  }
  return dict;
}

function readOperand(reader: FontBytes, byte: number): number {
  if (byte === 28) return reader.int16();
  if (byte === 29) return reader.int32();
  if (byte === 30) return readReal(reader);
  if (byte >= 32 && byte <= 246) return byte - 139;
  if (byte >= 247 && byte <= 250) return (byte - 247) * 256 + reader.uint8() + 108;
  if (byte >= 251 && byte <= 254) return -(byte - 251) * 256 - reader.uint8() - 108;
  throw new FontError('has a dictionary with an invalid operand');
}

function readReal(reader: FontBytes): number {
  let text = '';
  for (;;) {
    const byte = reader.uint8();
    for (const digit of [byte >> 4, byte & 15]) {
      if (digit === END_OF_REAL) {
        const value = Number(text);
        if (!Number.isFinite(value)) throw new FontError('has a dictionary with an invalid number');
        return value;
      }
      text += REAL_DIGITS[digit] ?? '';
    }
  }
}

/** Returns the bytes of an operand: the shortest integer or a real number. */
function encodeOperand(value: number): number[] {
  if (!Number.isInteger(value) || Math.abs(value) > 0x7fff_ffff) return encodeReal(value);
  if (value >= -107 && value <= 107) return [value + 139];
  if (value >= 108 && value <= 1131) return [247 + ((value - 108) >> 8), (value - 108) & 0xff];
  if (value >= -1131 && value <= -108) return [251 + ((-value - 108) >> 8), (-value - 108) & 0xff];
  if (value >= -0x8000 && value <= 0x7fff) return [28, (value >> 8) & 0xff, value & 0xff];
  return encodeLongInteger(value);
}

/** Returns an integer operand whose size does not depend on its value. Offsets are written in this form. */
export function encodeLongInteger(value: number): number[] {
  return [29, (value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}

function encodeReal(value: number): number[] {
  const text = String(value)
    .toUpperCase()
    .replace('E+', 'E')
    .replace(/^(-?)0\./, '$1.');
  const digits = Array.from(text.matchAll(/E-|./g), ([digit]) => REAL_DIGITS.indexOf(digit));
  digits.push(END_OF_REAL);
  if (digits.length % 2 === 1) digits.push(END_OF_REAL);
  const bytes = [30];
  for (let at = 0; at < digits.length; at += 2) bytes.push((digits[at] ?? 0) * 16 + (digits[at + 1] ?? 0));
  return bytes;
}

/** Returns the bytes of an operator after its operands. */
export function encodeEntry(operator: number, operands: readonly number[]): number[] {
  return [...operands.flatMap(encodeOperand), ...encodeOperator(operator)];
}

export function encodeOperator(operator: number): number[] {
  return operator > 0xff ? [operator >> 8, operator & 0xff] : [operator];
}
