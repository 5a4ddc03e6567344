/** A hand-written file and the offsets in it. */
export interface PdfText {
  readonly bytes: Buffer;
  /** Offsets of the objects, starting with number 1. */
  readonly offsets: readonly number[];
  /** Offset of the cross-reference. */
  readonly start: number;
}

interface Options {
  /** Entries of the trailer besides /Size. */
  readonly trailer?: string;
  /** Bytes before the header. Offsets still count from the start of the file. */
  readonly before?: string;
}

/** A catalog and a page tree with one page, as objects 1 to 3. */
export const ONE_PAGE: readonly string[] = [
  '<</Type/Catalog/Pages 2 0 R>>',
  '<</Type/Pages/Kids[3 0 R]/Count 1>>',
  '<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>',
];

/** Returns the body of a stream object, with dictionary entries, /Length and data. */
export function streamText(entries: string, data: string | Buffer, length = String(data.length)): string {
  return `<<${entries}/Length ${length}>>stream\n${data.toString('latin1')}\nendstream`;
}

/** Objects numbered from 1, in Latin-1, without a cross-reference. */
export function objectsText(bodies: readonly string[], before = ''): string {
  return bodies.reduce((text, body, at) => `${text}${at + 1} 0 obj\n${body}\nendobj\n`, `${before}%PDF-1.7\n`);
}

/** A file of objects numbered from 1 with a correct table. For unit tests. */
export function pdfText(bodies: readonly string[], { trailer = '/Root 1 0 R', before = '' }: Options = {}): PdfText {
  const offsets: number[] = [];
  let text = `${before}%PDF-1.7\n`;
  for (const [at, body] of bodies.entries()) {
    offsets.push(text.length);
    text += `${at + 1} 0 obj\n${body}\nendobj\n`;
  }
  const rows = offsets.map((offset) => row(offset)).join('');
  const size = bodies.length + 1;
  const xref = `xref\n0 ${size}\n${row(0, 'f', 65535)}${rows}trailer\n<</Size ${size}${trailer}>>\n`;
  return { bytes: latin1(`${text}${xref}startxref\n${text.length}\n%%EOF\n`), offsets, start: text.length };
}

/** A row of a table (ISO 32000-2, 7.5.4): 20 bytes. */
export function row(place: number, kind: 'n' | 'f' = 'n', gen = 0): string {
  return `${String(place).padStart(10, '0')} ${String(gen).padStart(5, '0')} ${kind} \n`;
}

export function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
