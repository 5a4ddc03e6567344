/**
 * Packs 8-bit grey samples to one bit a pixel, most significant bit first, each row filled up to a whole byte (the
 * layout of ISO 32000-2, 8.9.3). Samples of at least `threshold` become 1, which is white in DeviceGray.
 */
export function packBits(gray: Uint8Array, width: number, height: number, threshold = 128): Uint8Array {
  const rowBytes = Math.ceil(width / 8);
  const packed = new Uint8Array(rowBytes * height);
  let from = 0;
  for (let row = 0; row < height; row += 1) {
    const start = row * rowBytes;
    for (let column = 0; column < width; column += 1, from += 1) {
      if ((gray[from] ?? 0) >= threshold) {
        const at = start + (column >> 3);
        packed[at] = (packed[at] ?? 0) | (0x80 >> (column & 7));
      }
    }
  }
  return packed;
}

const REVERSED = Uint8Array.from({ length: 256 }, (_none, byte) =>
  Number.parseInt(byte.toString(2).padStart(8, '0').split('').reverse().join(''), 2),
);

/** Returns a copy with the bits of each byte in the opposite order. */
export function reverseBits(bytes: Uint8Array): Buffer {
  const reversed = Buffer.allocUnsafe(bytes.length);
  for (let at = 0; at < bytes.length; at += 1) reversed[at] = REVERSED[bytes[at] ?? 0] ?? 0;
  return reversed;
}

/** Inverts every bit in place. */
export function invertBytes(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = ~(bytes[at] ?? 0) & 0xff;
}

/**
 * Packs samples of 8 bits that hold values of `bits` bits, most significant bit first, each row filled up to a whole byte.
 */
export function packSamples(samples: Uint8Array, width: number, bits: 1 | 2 | 4): Uint8Array {
  const perByte = 8 / bits;
  const rowBytes = Math.ceil(width / perByte);
  const packed = new Uint8Array(rowBytes * (samples.length / width));
  for (let [from, start] = [0, 0]; from < samples.length; from += width, start += rowBytes) {
    for (let column = 0; column < width; column += 1) {
      const at = start + Math.floor(column / perByte);
      const shift = 8 - bits * ((column % perByte) + 1);
      packed[at] = (packed[at] ?? 0) | ((samples[from + column] ?? 0) << shift);
    }
  }
  return packed;
}

/** Reads samples of `bits` bits (1 to 16), most significant bit first. Each row starts at a whole byte. */
export function unpackSamples(
  packed: Uint8Array,
  { rowSamples, rows, bits }: { readonly rowSamples: number; readonly rows: number; readonly bits: number },
): Uint16Array {
  const rowBytes = Math.ceil((rowSamples * bits) / 8);
  const samples = new Uint16Array(rowSamples * rows);
  const mask = (1 << bits) - 1;
  for (let row = 0; row < rows; row += 1) {
    let [held, count, at] = [0, 0, row * rowBytes];
    for (let column = 0; column < rowSamples; column += 1) {
      while (count < bits) {
        held = ((held << 8) | (packed[at] ?? 0)) & 0xff_ffff;
        count += 8;
        at += 1;
      }
      count -= bits;
      samples[row * rowSamples + column] = (held >> count) & mask;
    }
  }
  return samples;
}
