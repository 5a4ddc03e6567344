import { textStream } from './text-pdf.js';

interface PagesOptions {
  /** Entries of the catalog, of a page by its position, and of the trailer, as PDF text. */
  readonly catalog?: string;
  readonly page?: (at: number) => string;
  readonly trailer?: string;
  /** Objects by number, from 20 on; the first page is number 10. */
  readonly objects?: Readonly<Record<number, string>>;
}

/** A document of up to ten pages that say `text` and their number; object 3 is a font. For unit tests. */
export function pagesPdf(text: string, count: number, options: PagesOptions = {}): Buffer {
  const { catalog = '', page = () => '', trailer = '', objects = {} } = options;
  const positions = Array.from({ length: count }, (_none, at) => at);
  const all: Record<number, string> = {
    1: `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
    2: `<< /Type /Pages /Count ${count} /Kids [${positions.map((at) => `${10 + at} 0 R`).join(' ')}] >>`,
    3: '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...Object.fromEntries(positions.map((at) => [10 + at, pageText(at, page(at))])),
    ...Object.fromEntries(positions.map((at) => [1000 + at, contentText(`${text} ${at + 1}`)])),
    ...objects,
  };
  const numbers = Object.keys(all).map(Number);
  let [bytes, rows] = ['%PDF-1.7\n', 'xref\n0 1\n0000000000 65535 f \n'];
  for (const num of numbers) {
    rows += `${num} 1\n${String(bytes.length).padStart(10, '0')} 00000 n \n`;
    bytes += `${num} 0 obj\n${all[num] ?? 'null'}\nendobj\n`;
  }
  const size = Math.max(...numbers) + 1;
  const end = `trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\nstartxref\n${bytes.length}\n%%EOF\n`;
  return Buffer.from(bytes + rows + end, 'latin1');
}

function pageText(at: number, entries: string): string {
  const resources = '/Resources << /Font << /F1 3 0 R >> >>';
  return `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents ${1000 + at} 0 R ${resources} ${entries} >>`;
}

function contentText(text: string): string {
  return textStream(`BT /F1 24 Tf 20 100 Td (${text}) Tj ET`);
}
