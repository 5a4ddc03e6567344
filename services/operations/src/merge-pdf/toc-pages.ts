import { PDFDocument, StandardFonts, rgb } from 'pdf-lib';
import type { PDFPage } from 'pdf-lib';
import { LINE, MARGIN, TEXT_SIZE, TITLE_SIZE, sheet } from './toc-layout.js';
import type { Size } from './toc-layout.js';
import { embedTitleFonts } from './title-fonts.js';
import type { TitleFont } from './title-fonts.js';

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
  const fontOf = await embedTitleFonts(
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
    drawLine(page, fontOf, { y, title, number: String(pageNumber) });
    const top = y + TEXT_SIZE;
    links.push({ page: document.getPageCount() - 1, rect: [MARGIN, y - 4, width - MARGIN, top], entry });
    y -= LINE;
  }
  return { bytes: Buffer.from(await document.save()), links };
}

function drawLine(
  page: PDFPage,
  fontOf: (title: string) => TitleFont,
  line: { y: number; title: string; number: string },
): void {
  const { y, number } = line;
  const { font } = fontOf(number);
  const titleFont = fontOf(line.title);
  const right = page.getWidth() - MARGIN;
  const numberAt = right - font.widthOfTextAtSize(number, TEXT_SIZE);
  const title = fitted(titleFont, line.title, numberAt - MARGIN - 3 * GAP);
  page.drawText(title, { x: MARGIN, y, size: TEXT_SIZE, font: titleFont.font });
  page.drawText(number, { x: numberAt, y, size: TEXT_SIZE, font });
  const from = MARGIN + titleFont.font.widthOfTextAtSize(title, TEXT_SIZE) + GAP;
  page.drawLine({
    start: { x: from, y: y + 1 },
    end: { x: numberAt - GAP, y: y + 1 },
    thickness: 0.7,
    dashArray: [0.7, 3],
    color: GREY,
  });
}

/** The title with supported characters, truncated to the available width. */
function fitted({ font, has }: TitleFont, title: string, room: number): string {
  const text = Array.from(title, (character) => (has(character) ? character : '?'));
  if (font.widthOfTextAtSize(text.join(''), TEXT_SIZE) <= room) return text.join('');
  while (text.length > 1 && font.widthOfTextAtSize(`${text.join('')}…`, TEXT_SIZE) > room) text.pop();
  return `${text.join('')}…`;
}
