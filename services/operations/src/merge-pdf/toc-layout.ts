const A4 = { width: 595, height: 842 };
/** Pages with a side outside this range get a table of contents on A4. */
const [SMALLEST, LARGEST] = [300, 1_500];
export const MARGIN = 56;
export const [TITLE_SIZE, TEXT_SIZE, LINE] = [20, 11, 20];

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Number of pages that the table of contents takes. */
export function countTocPages(entries: number, size: Size): number {
  const { height } = sheet(size);
  let [left, pages] = [entries - linesOf(height, true), 1];
  for (; left > 0; left -= linesOf(height, false)) pages++;
  return pages;
}

/** The page size of the table of contents. */
export function sheet({ width, height }: Size): Size {
  const fits = Math.min(width, height) >= SMALLEST && Math.max(width, height) <= LARGEST;
  return fits ? { width, height } : A4;
}

/** Number of lines on a page. The first page has the heading. */
function linesOf(height: number, isFirst: boolean): number {
  const top = height - MARGIN - (isFirst ? TITLE_SIZE + LINE * 2 : TEXT_SIZE);
  return Math.floor((top - MARGIN) / LINE) + 1;
}
