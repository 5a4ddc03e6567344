/** Maximum number of ranges. */
const MAX_RANGES = 200_000;
const MAX_CID = 65_535;

interface CidRange {
  readonly low: number;
  readonly high: number;
  readonly cid: number;
}

/** Ranges of character codes that map to successive CIDs, for each length of codes. */
export class CidRanges {
  readonly #byLength: CidRange[][] = [];
  readonly #undefined = new Set<number>([0]);
  #count = 0;

  /** Returns false for more ranges than the limit, and for an invalid range. */
  add(low: Buffer, high: Buffer, cid: number): boolean {
    const range = { low: valueOf(low), high: valueOf(high), cid };
    if (++this.#count > MAX_RANGES || cid < 0 || cid + range.high - range.low > MAX_CID) return false;
    const ranges = (this.#byLength[low.length] ??= []);
    if (range.low <= range.high) ranges.push(range);
    return true;
  }

  /** Adds a CID that stands for undefined characters (9.7.6.3). */
  addUndefined(cid: number): boolean {
    this.#undefined.add(cid);
    return ++this.#count <= MAX_RANGES;
  }

  /** Prepares the search. Returns false if ranges overlap, because readers treat them differently. */
  sort(): boolean {
    return this.#byLength.every((ranges) => {
      ranges.sort((one, other) => one.low - other.low);
      return ranges.every(({ low }, at) => at === 0 || low > (ranges[at - 1]?.high ?? -1));
    });
  }

  cidsOf(code: number, length: number): readonly number[] {
    const range = this.#find(code, this.#byLength[length] ?? []);
    return range ? [range.cid + code - range.low, ...this.#undefined] : [...this.#undefined];
  }

  #find(code: number, ranges: readonly CidRange[]): CidRange | undefined {
    let [from, to] = [0, ranges.length - 1];
    while (from <= to) {
      const middle = (from + to) >> 1;
      const range = ranges[middle];
      if (!range) return undefined;
      if (code < range.low) to = middle - 1;
      else if (code > range.high) from = middle + 1;
      else return range;
    }
    return undefined;
  }
}

function valueOf(bytes: Buffer): number {
  return bytes.readUIntBE(0, bytes.length);
}
