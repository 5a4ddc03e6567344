import { FontError } from './font-error.js';

/** Keys of the eexec and charstring encryption (Adobe Type 1 Font Format, 7). */
const EEXEC_KEY = 55_665;
const CHARSTRING_KEY = 4330;
const [FACTOR, INCREMENT] = [52_845, 22_719] as const;
/** Random bytes in front of the encrypted portion. */
const EEXEC_RANDOM_BYTES = 4;

const [PFB_MARKER, PFB_TEXT, PFB_BINARY] = [0x80, 1, 2] as const;
const PFB_HEADER_BYTES = 6;
const EEXEC = 'eexec';
const HEX_START = /^[\dA-Fa-f\s]{4}/;

/** A Type 1 font program as the text in front of its encrypted portion, and that portion decrypted. */
export interface Type1Portions {
  readonly clearText: Buffer;
  readonly privateText: Buffer;
}

/**
 * Finds and decrypts the portions of a font program. The encrypted portion is binary or hexadecimal, and the segment
 * headers of PFB files are removed. Lengths that a PDF file gives are not needed. Throws a `FontError` if there is no
 * encrypted portion.
 */
export function splitType1(bytes: Uint8Array): Type1Portions {
  const program = withoutSegmentHeaders(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  const at = program.indexOf(EEXEC);
  if (at < 0) throw new FontError('has no encrypted portion');
  const encrypted = program.subarray(skipSpace(program, at + EEXEC.length));
  const isHex = HEX_START.test(encrypted.toString('latin1', 0, EEXEC_RANDOM_BYTES));
  const binary = isHex ? fromHex(encrypted) : encrypted;
  const privateText = decrypt(binary, EEXEC_KEY).subarray(EEXEC_RANDOM_BYTES);
  return { clearText: program.subarray(0, at), privateText };
}

/** Decrypts a charstring or a subroutine. `lenIV` is the number of random bytes in front. -1 stands for plain data. */
export function decryptCharString(bytes: Uint8Array, lenIV: number): Uint8Array {
  return lenIV < 0 ? bytes : decrypt(bytes, CHARSTRING_KEY).subarray(lenIV);
}

/** Adobe Type 1 Font Format, 7.1. */
function decrypt(bytes: Uint8Array, key: number): Buffer {
  const plain = Buffer.alloc(bytes.length);
  let state = key;
  for (let at = 0; at < bytes.length; at++) {
    const cipher = bytes[at] ?? 0;
    plain[at] = cipher ^ (state >> 8);
    state = ((cipher + state) * FACTOR + INCREMENT) & 0xffff;
  }
  return plain;
}

function withoutSegmentHeaders(bytes: Buffer): Buffer {
  if (bytes[0] !== PFB_MARKER) return bytes;
  const segments: Buffer[] = [];
  let at = 0;
  while (at + PFB_HEADER_BYTES <= bytes.length && bytes[at] === PFB_MARKER) {
    const type = bytes[at + 1];
    if (type !== PFB_TEXT && type !== PFB_BINARY) break;
    const start = at + PFB_HEADER_BYTES;
    at = start + bytes.readUInt32LE(at + 2);
    segments.push(bytes.subarray(start, at));
  }
  return Buffer.concat(segments);
}

/** The white space after `eexec`. Encrypted data never start with it (Adobe Type 1 Font Format, 7.2). */
function skipSpace(bytes: Buffer, start: number): number {
  let at = start;
  while ([0x20, 0x09, 0x0d, 0x0a].includes(bytes[at] ?? 0)) at++;
  return at;
}

/** Decodes hexadecimal digits up to the first other character that is no white space. */
function fromHex(bytes: Buffer): Buffer {
  const digits = /^[\dA-Fa-f\s]*/.exec(bytes.toString('latin1'))?.[0] ?? '';
  return Buffer.from(digits.replace(/\s+/g, ''), 'hex');
}
