const WHITESPACE = new Set([0x00, 0x09, 0x0a, 0x0c, 0x0d, 0x20]);

/** Offset of the first byte that is not white space (7.2.3, table 1). */
export function skipWhitespace(data: Buffer): number {
  let at = 0;
  while (WHITESPACE.has(data[at] ?? -1)) at += 1;
  return at;
}
