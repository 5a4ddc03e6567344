/** The operators of content streams (ISO 32000-2, annex A). */
const OPERATORS = [
  ...['b', 'B', 'b*', 'B*', 'BDC', 'BI', 'BMC', 'BT', 'BX', 'c', 'cm', 'CS', 'cs', 'd', 'd0', 'd1', 'Do', 'DP', 'EI'],
  ...['EMC', 'ET', 'EX', 'f', 'F', 'f*', 'G', 'g', 'gs', 'h', 'i', 'ID', 'j', 'J', 'K', 'k', 'l', 'm', 'M', 'MP', 'n'],
  ...['q', 'Q', 're', 'RG', 'rg', 'ri', 's', 'S', 'SC', 'sc', 'SCN', 'scn', 'sh', 'T*', 'Tc', 'Td', 'TD', 'Tf', 'Tj'],
  ...['TJ', 'TL', 'Tm', 'Tr', 'Ts', 'Tw', 'Tz', 'v', 'w', 'W', 'W*', 'y', "'", '"'],
];
const MAX_LENGTH = 3;

const BY_CODE = new Map(OPERATORS.map((name) => [codeOf(Buffer.from(name), 0, name.length), name]));

/** The operator in a range of the buffer. Undefined if no operator has this name. */
export function operatorAt(buffer: Buffer, start: number, end: number): string | undefined {
  return end - start > MAX_LENGTH ? undefined : BY_CODE.get(codeOf(buffer, start, end));
}

/**
 * End of the longest operator at the start of an unknown one, as in `qBT` for `q` and `BT`. Undefined if no operator starts there.
 */
export function prefixEnd(buffer: Buffer, start: number, end: number): number | undefined {
  for (let at = Math.min(end, start + MAX_LENGTH); at > start; at--) {
    if (operatorAt(buffer, start, at) !== undefined) return at;
  }
  return undefined;
}

function codeOf(bytes: Buffer, start: number, end: number): number {
  let code = 0;
  for (let at = start; at < end; at++) code = code * 256 + (bytes[at] ?? 0);
  return code;
}
