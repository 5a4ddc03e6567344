/** The layout of the rows of a block. */
export interface RowLayout {
  readonly rowBytes: number;
  /** Samples of each pixel in a row. */
  readonly samples: number;
  readonly bits: 8 | 16;
  readonly little: boolean;
}

/** Replaces the differences between neighbours in a row by their values (TIFF 6.0, section 14). */
export function undoDifferences(data: Buffer, { rowBytes, samples, bits, little }: RowLayout): void {
  for (let start = 0; start < data.length; start += rowBytes) {
    const end = Math.min(start + rowBytes, data.length);
    if (bits === 8) {
      for (let at = start + samples; at < end; at += 1) data[at] = ((data[at] ?? 0) + (data[at - samples] ?? 0)) & 0xff;
    } else {
      const [low, high] = little ? [0, 1] : [1, 0];
      const valueAt = (at: number): number => (data[at + low] ?? 0) | ((data[at + high] ?? 0) << 8);
      for (let at = start + 2 * samples; at + 1 < end; at += 2) {
        const value = valueAt(at) + valueAt(at - 2 * samples);
        data[at + low] = value & 0xff;
        data[at + high] = (value >> 8) & 0xff;
      }
    }
  }
}
