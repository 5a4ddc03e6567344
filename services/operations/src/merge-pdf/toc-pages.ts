import { PDFDocument, StandardFonts, rgb } from 'pdf-lib';
import type { PDFPage } from 'pdf-lib';
import { LINE, MARGIN, TEXT_SIZE, TITLE_SIZE, sheet } from './toc-layout.js';
import type { Size } from './toc-layout.js';
import { embedTitleFonts } from './title-fonts.js';
import type { DivideText, TitleRun } from './title-fonts.js';

/** An entry of the table of contents: its title and the number of its page, from 1. */
export interface TocEntry {
  readonly title: string;
  readonly pageNumber: number;
}

/** A clickable area on a page of the table of contents. */
export interface TocLink {
  /** Index of the page in the table of contents, from 0. */
  readonly page: number;
  /** Left, bottom, right and top in units of the page. */
  readonly rect: readonly [number, number, number, number];
  /** Index of the entry, from 0. */
  readonly entry: number;
}

const GREY = rgb(0.55, 0.55, 0.55);
const GAP = 8;

/**
 * Draws the table of contents on pages with the size of a page of the document. Characters that no font of
 * `embedTitleFonts` has become `?`.
 */
export async function drawToc(entries: readonly TocEntry[], size: Size): Promise<{ bytes: Buffer; links: TocLink[] }> {
  const document = await PDFDocument.create({ updateMetadata: false });
  const bold = await document.embedFont(StandardFonts.HelveticaBold);
  const divide = await embedTitleFonts(
    document,
    entries.map(({ title }) => title),
  );
  const { width, height } = sheet(size);
  const links: TocLink[] = [];
  let page: PDFPage | undefined;
  let y = 0;
  for (const [entry, { title, pageNumber }] of entries.entries()) {
    if (!page || y < MARGIN) {
      page = document.addPage([width, height]);
      const isFirst = document.getPageCount() === 1;
      if (isFirst)
        page.drawText('Contents', { x: MARGIN, y: height - MARGIN - TITLE_SIZE, size: TITLE_SIZE, font: bold });
      y = height - MARGIN - (isFirst ? TITLE_SIZE + LINE * 2 : TEXT_SIZE);
    }
    drawLine(page, divide, { y, title, number: String(pageNumber) });
    const top = y + TEXT_SIZE;
    links.push({ page: document.getPageCount() - 1, rect: [MARGIN, y - 4, width - MARGIN, top], entry });
    y -= LINE;
  }
  return { bytes: Buffer.from(await document.save()), links };
}

function drawLine(
  page: PDFPage,
  divide: (title: string) => DivideText,
  line: { y: number; title: string; number: string },
): void {
  const { y } = line;
  const right = page.getWidth() - MARGIN;
  const number = divide(line.number)(line.number);
  const numberAt = right - widthOf(number);
  const title = fitted(divide(line.title), line.title, numberAt - MARGIN - 3 * GAP);
  drawRuns(page, title, { x: MARGIN, y });
  drawRuns(page, number, { x: numberAt, y });
  const from = MARGIN + widthOf(title) + GAP;
  page.drawLine({
    start: { x: from, y: y + 1 },
    end: { x: numberAt - GAP, y: y + 1 },
    thickness: 0.7,
    dashArray: [0.7, 3],
    color: GREY,
  });
}

function drawRuns(page: PDFPage, runs: readonly TitleRun[], at: { readonly x: number; readonly y: number }): void {
  let { x } = at;
  for (const { font, text } of runs) {
    page.drawText(text, { x, y: at.y, size: TEXT_SIZE, font });
    x += font.widthOfTextAtSize(text, TEXT_SIZE);
  }
}

function widthOf(runs: readonly TitleRun[]): number {
  return runs.reduce((sum, { font, text }) => sum + font.widthOfTextAtSize(text, TEXT_SIZE), 0);
}

/** The title, truncated to the available width. */
function fitted(divide: DivideText, title: string, room: number): TitleRun[] {
  const whole = divide(title);
  if (widthOf(whole) <= room) return whole;
  const characters = Array.from(title);
  while (characters.length > 1 && widthOf(divide(`${characters.join('')}…`)) > room) characters.pop();
  return divide(`${characters.join('')}…`);
}
