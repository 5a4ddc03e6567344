/** Types of PNG filters (ISO/IEC 15948, 9.2). */
const [SUB, UP] = [1, 2];

/** What a filter makes of an opaque alpha: the first pixel and the others, in the first row and in the others. */
const FILTERED: readonly (readonly [firstRow: readonly [number, number], others: readonly [number, number]])[] = [
  [
    [255, 255],
    [255, 255],
  ],
  [
    [255, 0],
    [255, 0],
  ],
  [
    [255, 255],
    [0, 0],
  ],
  [
    [255, 128],
    [128, 0],
  ],
  [
    [255, 0],
    [0, 0],
  ],
];

/** Recognizes and makes filtered rows of an alpha channel of which every pixel is opaque. */
export class OpaqueRows {
  readonly #rowBytes: number;
  readonly #firstRow: readonly Buffer[];
  readonly #others: readonly Buffer[];

  /** Takes the bytes of the alpha of a pixel. */
  constructor(width: number, alphaBytes: number) {
    this.#rowBytes = 1 + width * alphaBytes;
    const rows = FILTERED.map((values, type) =>
      values.map(([first, others]) =>
        Buffer.alloc(this.#rowBytes, others)
          .fill(first, 1, 1 + alphaBytes)
          .fill(type, 0, 1),
      ),
    );
    this.#firstRow = rows.flatMap(([first]) => first ?? []);
    this.#others = rows.flatMap(([, other]) => other ?? []);
  }

  /** Whether filtered rows are opaque if those before them are. `row` is the number of the first of them in the image. */
  areOpaque(alpha: Buffer, row: number): boolean {
    for (let [at, number] = [0, row]; at < alpha.length; at += this.#rowBytes, number++) {
      const expected = (number === 0 ? this.#firstRow : this.#others)[alpha[at] ?? 0];
      if (expected?.compare(alpha, at, at + this.#rowBytes) !== 0) return false;
    }
    return true;
  }

  /** Returns rows of the image, with filters that suit them. */
  make(row: number, count: number): Buffer {
    const rows = Buffer.alloc(count * this.#rowBytes);
    for (let at = 0; at < count; at++)
      (row + at === 0 ? this.#firstRow[SUB] : this.#others[UP])?.copy(rows, at * this.#rowBytes);
    return rows;
  }
}
