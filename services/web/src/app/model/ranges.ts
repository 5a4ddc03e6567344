/** Degrees clockwise. */
export type Rotation = 0 | 90 | 180 | 270;

/** Returns the sum of two rotations. */
export function turn(from: Rotation, by: 90 | -90): Rotation {
  const sum = (from + by + 360) % 360;
  return sum === 90 || sum === 180 || sum === 270 ? sum : 0;
}

/** One page of the result. Without `page` it stands for all pages of its file. */
export interface PlannedPage {
  /** Position of the file in the request, from 0. */
  readonly file: number;
  /** From 1. */
  readonly page?: number | undefined;
  readonly rotate: Rotation;
  readonly password: string;
}

/** An entry of the parameter `items`. */
export interface MergeItem {
  readonly file: number;
  pages?: string;
  readonly rotate?: Rotation;
  readonly password?: string;
}

/** Returns the entries of `items` for these pages. Pages of one file with the same rotation share an entry. */
export function toItems(pages: readonly PlannedPage[]): MergeItem[] {
  const runs: PlannedPage[][] = [];
  for (const page of pages) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run && last && sharesItem(last, page)) run.push(page);
    else runs.push([page]);
  }
  return runs.flatMap((run) => {
    const [first] = run;
    if (!first) return [];
    const numbers = run.flatMap(({ page }) => (page === undefined ? [] : [page]));
    return {
      file: first.file,
      ...(numbers.length > 0 && { pages: toRanges(numbers) }),
      ...(first.rotate !== 0 && { rotate: first.rotate }),
      ...(first.password !== '' && { password: first.password }),
    };
  });
}

function sharesItem(a: PlannedPage, b: PlannedPage): boolean {
  return a.file === b.file && a.rotate === b.rotate && a.page !== undefined && b.page !== undefined;
}

/** Returns page numbers as ranges, such as `1-3,7,6-5`. */
export function toRanges(pages: readonly number[]): string {
  const parts: string[] = [];
  let start = 0;
  while (start < pages.length) {
    const end = endOfRun(pages, start);
    const [first, last] = [pages[start], pages[end]];
    parts.push(start === end ? `${first}` : `${first}-${last}`);
    start = end + 1;
  }
  return parts.join(',');
}

/** Returns the position of the last page that continues the run, upwards or downwards, by steps of one. */
function endOfRun(pages: readonly number[], start: number): number {
  const step = (pages[start + 1] ?? NaN) - (pages[start] ?? NaN);
  if (Math.abs(step) !== 1) return start;
  let end = start + 1;
  while ((pages[end + 1] ?? NaN) - (pages[end] ?? NaN) === step) end += 1;
  return end;
}
