import { promisify } from 'node:util';
import { inflate, inflateSync } from 'node:zlib';
import { isWhiteSpace } from '../syntax/characters.js';
import type { PdfDict } from '../syntax/objects.js';
import { decodeAscii85 } from './ascii85.js';
import { decodeAsciiHex } from './ascii-hex.js';
import type { DecodingBudget } from './budget.js';
import { earlyChange } from './decode.js';
import { isTooLarge } from './flate.js';
import { decodeLzw } from './lzw.js';
import { decodeRunLength } from './run-length.js';

const inflateAsync = promisify(inflate);
/** Data up to these sizes, encoded and decoded, take less time than the way to a thread and back. */
const [SMALL_ENCODED, SMALL_DECODED] = [16 * 1024, 256 * 1024];

type StrictDecoder = (
  data: Buffer,
  budget: DecodingBudget,
  parms: PdfDict | undefined,
) => Buffer | undefined | Promise<Buffer | undefined>;

/** The filters of ISO 32000-2, table 6, whose data can be encoded again, without their predictors. */
const DECODERS = new Map<string, StrictDecoder>([
  ['FlateDecode', inflateStrictly],
  ['LZWDecode', decodeLzwStrictly],
  ['ASCII85Decode', (data, budget) => (isAscii85(data) ? decodeAscii85(data, budget) : undefined)],
  ['ASCIIHexDecode', (data, budget) => (isAsciiHex(data) ? decodeAsciiHex(data, budget) : undefined)],
  ['RunLengthDecode', (data, budget) => (isRunLength(data) ? decodeRunLength(data, budget) : undefined)],
]);

/** Whether `decodeStrictly` supports the filter with this full name. */
export function isLosslessFilter(name: string): boolean {
  return DECODERS.has(name);
}

/**
 * Decodes one filter without its predictor. Returns undefined if the data are damaged, because readers treat damage
 * differently. Large Flate data are inflated in zlib's threads. Throws the budget's error for too much output.
 */
export async function decodeStrictly(
  name: string,
  data: Buffer,
  budget: DecodingBudget,
  parms?: PdfDict,
): Promise<Buffer | undefined> {
  return DECODERS.get(name)?.(data, budget, parms);
}

/** Zlib refuses a bad header, damaged or missing data and a wrong checksum. */
async function inflateStrictly(data: Buffer, budget: DecodingBudget): Promise<Buffer | undefined> {
  const small = data.length <= SMALL_ENCODED ? inflateSmall(data, Math.min(budget.limit, SMALL_DECODED)) : 'large';
  if (small !== 'large') return small;
  try {
    return await inflateAsync(data, { maxOutputLength: budget.limit });
  } catch (thrown) {
    if (isTooLarge(thrown)) throw budget.exceeded(thrown);
    return undefined;
  }
}

function inflateSmall(data: Buffer, maxOutputLength: number): Buffer | 'large' | undefined {
  try {
    return inflateSync(data, { maxOutputLength });
  } catch (thrown) {
    return isTooLarge(thrown) ? 'large' : undefined;
  }
}

function decodeLzwStrictly(data: Buffer, budget: DecodingBudget, parms: PdfDict | undefined): Buffer | undefined {
  const damage: string[] = [];
  const bytes = decodeLzw(data, earlyChange(parms), budget, () => damage.push('code'));
  return damage.length > 0 ? undefined : bytes;
}

/**
 * Digits, `z` between groups and white space before the end-of-data marker (7.4.3). The last group has at least two
 * digits.
 */
function isAscii85(data: Buffer): boolean {
  let digits = 0;
  for (const byte of data) {
    if (byte >= 0x21 && byte <= 0x75) digits = (digits + 1) % 5;
    else if (byte === 0x7e) break;
    else if (!isWhiteSpace(byte) && !(byte === 0x7a && digits === 0)) return false;
  }
  return digits !== 1;
}

/** Hexadecimal digits and white space before the end-of-data marker (7.4.2). */
function isAsciiHex(data: Buffer): boolean {
  for (const byte of data) {
    if (byte === 0x3e) return true;
    const isDigit = (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
    if (!isDigit && !isWhiteSpace(byte)) return false;
  }
  return true;
}

/** Whether every run is complete (7.4.5). */
function isRunLength(data: Buffer): boolean {
  let at = 0;
  while (at < data.length && data[at] !== 128) at += (data[at] ?? 0) < 128 ? (data[at] ?? 0) + 2 : 2;
  return at <= data.length;
}
