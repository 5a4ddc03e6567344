interface Layout {
  readonly little: boolean;
  /** BigTIFF, with offsets of eight bytes. */
  readonly big: boolean;
}

const [SHORT, LONG] = [3, 4];
const PIXEL_OFFSET = 273;

/** Writes numbers of 2, 4 or 8 bytes one after the other. */
class Fields {
  readonly #little: boolean;
  readonly #bytes: number[] = [];

  constructor(little: boolean) {
    this.#little = little;
  }

  add(value: number, size: number): this {
    const bytes = Array.from({ length: size }, (_none, at) => (at < 4 ? (value >>> (8 * at)) & 0xff : 0));
    this.#bytes.push(...(this.#little ? bytes : bytes.reverse()));
    return this;
  }

  padded(length: number): Buffer {
    return Buffer.concat([Buffer.from(this.#bytes)], length);
  }
}

/** A TIFF with a page of one grey pixel for each value. For unit tests. */
export function pagesTiff(grays: readonly number[], { little, big }: Layout): Buffer {
  const [header, pageBytes, offset] = big ? [16, 256, 8] : [8, 128, 4];
  const start = new Fields(little).add(big ? 43 : 42, 2);
  if (big) start.add(8, 2).add(0, 2);
  const pages = grays.map((gray, page) => {
    const at = header + page * pageBytes;
    const next = page + 1 < grays.length ? at + pageBytes : 0;
    const bytes = directory(new Fields(little), { pixel: at + pageBytes - 8, next, big }).padded(pageBytes);
    bytes[pageBytes - 8] = gray;
    return bytes;
  });
  const order = Buffer.from(little ? 'II' : 'MM');
  return Buffer.concat([order, start.add(header, offset).padded(header - 2), ...pages]);
}

/** Entries of tag, type, count and value, then the offset of the next directory (TIFF 6.0, section 2). */
function directory(fields: Fields, { pixel, next, big }: { pixel: number; next: number; big: boolean }): Fields {
  const entries = [
    [256, 1],
    [257, 1],
    [258, 8],
    [259, 1],
    [262, 1],
    [PIXEL_OFFSET, pixel],
    [277, 1],
    [278, 1],
    [279, 1],
  ];
  const offset = big ? 8 : 4;
  fields.add(entries.length, big ? 8 : 2);
  for (const [tag = 0, value = 0] of entries) {
    const [type, size] = tag === PIXEL_OFFSET ? [LONG, 4] : [SHORT, 2];
    fields
      .add(tag, 2)
      .add(type, 2)
      .add(1, offset)
      .add(value, size)
      .add(0, offset - size);
  }
  return fields.add(next, offset);
}
