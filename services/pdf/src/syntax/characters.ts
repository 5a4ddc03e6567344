/** The character classes of ISO 32000-2, 7.2.3, tables 1 and 2. All other characters are regular. */
export const REGULAR = 0;
export const WHITE_SPACE = 1;
const DELIMITER = 2;

/** The class of each byte value. */
export const CLASS: Uint8Array = classes();

function classes(): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of [0, 9, 10, 12, 13, 32]) table[byte] = WHITE_SPACE;
  for (const byte of Buffer.from('()<>[]{}/%')) table[byte] = DELIMITER;
  return table;
}

export function isWhiteSpace(byte: number | undefined): boolean {
  return byte !== undefined && CLASS[byte] === WHITE_SPACE;
}

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** The value of a hexadecimal digit, or -1 for any other byte. */
export function hexValue(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
