const CLEAR = 256;
const END = 257;
const CODE_BITS = 9;
/** Codes after which the code of 10 bits would begin, less some. */
const BEFORE_CLEAR = 250;
const LITERALS = 128;
const END_OF_DATA = 128;

/** LZW data (ISO 32000-2, 7.4.4) of single bytes. The table is cleared before its codes need more bits. */
export function lzw(bytes: Uint8Array): Buffer {
  const codes: number[] = [];
  for (const [at, byte] of bytes.entries()) {
    if (at % BEFORE_CLEAR === 0) codes.push(CLEAR);
    codes.push(byte);
  }
  codes.push(END);
  const data = Buffer.alloc(Math.ceil((codes.length * CODE_BITS) / 8));
  for (const [index, code] of codes.entries()) {
    const start = index * CODE_BITS;
    const [at, shift] = [start >> 3, 16 - CODE_BITS - (start & 7)];
    data[at] = (data[at] ?? 0) | (((code << shift) >> 8) & 0xff);
    if (at + 1 < data.length) data[at + 1] = (data[at + 1] ?? 0) | ((code << shift) & 0xff);
  }
  return data;
}

/** RunLengthDecode data (7.4.5) of literal bytes only. */
export function runLengths(bytes: Uint8Array): Buffer {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += LITERALS) {
    const part = bytes.subarray(at, at + LITERALS);
    parts.push(Buffer.of(part.length - 1), part);
  }
  return Buffer.concat([...parts, Buffer.of(END_OF_DATA)]);
}

/** ASCII85Decode data (7.4.3) with line breaks. */
export function ascii85(bytes: Uint8Array): Buffer {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 4) {
    const group = Buffer.alloc(4);
    const count = group.length - Math.max(0, at + 4 - bytes.length);
    group.set(bytes.subarray(at, at + 4));
    const digits: string[] = [];
    for (let value = group.readUInt32BE(0), left = 5; left > 0; left--, value = Math.floor(value / 85))
      digits.unshift(String.fromCharCode(33 + (value % 85)));
    const isZero = count === 4 && group.readUInt32BE(0) === 0;
    lines.push(isZero ? 'z' : digits.slice(0, count + 1).join(''), at % 64 === 60 ? '\n' : '');
  }
  return Buffer.from(`${lines.join('')}~>`, 'latin1');
}

/** ASCIIHexDecode data (7.4.2). */
export function asciiHex(bytes: Uint8Array): Buffer {
  return Buffer.from(`${Buffer.from(bytes).toString('hex')}>`, 'latin1');
}
