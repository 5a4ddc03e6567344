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
