import { MAX_OBJECT_NUMBER } from '@pdf-tools/pdf';

/** The end-of-file marker must be within this many bytes of the end (ISO 32000-2, 7.5.5 and annex I). */
const TAIL_BYTES = 1024;
const MAX_SECTIONS = 1_000;
/** A row of a cross-reference table with its two-byte end of line (7.5.4). */
const ROW_BYTES = 20;
/** Part of a cross-reference stream's dictionary that is checked. */
const DICT_BYTES = 2_000;

/**
 * Whether readers without repair can open a file: the header is at byte 0, the end-of-file marker exists, and all
 * cross-reference sections and table rows are correct. Does not parse objects.
 */
export function isWellFormed(file: Buffer): boolean {
  if (file.toString('latin1', 0, 5) !== '%PDF-') return false;
  const tail = file.toString('latin1', Math.max(0, file.length - TAIL_BYTES));
  const start = /startxref\s+(\d{1,10})\s+%%EOF/.exec(tail.slice(tail.lastIndexOf('startxref')))?.[1];
  return start !== undefined && isChainWellFormed(file, Number(start));
}

function isChainWellFormed(file: Buffer, start: number): boolean {
  const seen = new Set<number>();
  for (let at: number | undefined = start; at !== undefined;) {
    if (seen.has(at) || seen.size >= MAX_SECTIONS) return false;
    seen.add(at);
    if (/^\s*\d+\s+\d+\s+obj/.test(text(file, at, 40))) return isStreamPlausible(text(file, at, DICT_BYTES));
    const trailer = afterTable(file, at);
    if (trailer === undefined) return false;
    if (Number(/^trailer\s*<<[^]*?\/Size\s+(\d+)/.exec(trailer)?.[1] ?? 0) > MAX_OBJECT_NUMBER) return false;
    const previous = /^trailer\s*<<[^]*?\/Prev\s+(\d{1,10})/.exec(trailer)?.[1];
    at = previous === undefined ? undefined : Number(previous);
  }
  return true;
}

/** Whether the sizes declared by a cross-reference stream are possible (7.5.8.2). */
function isStreamPlausible(dict: string): boolean {
  const [head = ''] = dict.split('stream', 1);
  const index = /\/Index\s*\[([^\]]*)\]/.exec(head)?.[1]?.trim().split(/\s+/) ?? [];
  const size = /\/Size\s+(\d+)/.exec(head)?.[1] ?? '0';
  return [size, ...index].every((number) => Number(number) <= MAX_OBJECT_NUMBER);
}

/** The text from a table's trailer on. Undefined if the table is damaged. */
function afterTable(file: Buffer, start: number): string | undefined {
  const keyword = /^\s*xref\s+/.exec(text(file, start, 40))?.[0];
  if (keyword === undefined) return undefined;
  let at = start + keyword.length;
  for (;;) {
    const head = /^\s*(\d{1,10})\s+(\d{1,10})[ \t]*(?:\r\n|\r|\n)/.exec(text(file, at, 60));
    if (!head) break;
    at += head[0].length;
    const [first, rows] = [Number(head[1]), Number(head[2])];
    if (at + rows * ROW_BYTES > file.length) return undefined;
    for (let row = 0; row < rows; row += 1, at += ROW_BYTES)
      if (!isRowWellFormed(file, text(file, at, ROW_BYTES), first + row)) return undefined;
  }
  const [trailer = ''] = text(file, at, DICT_BYTES).trimStart().split('startxref', 1);
  return trailer.startsWith('trailer') ? trailer : undefined;
}

function isRowWellFormed(file: Buffer, row: string, number: number): boolean {
  const [, offset = '', generation = '', kind] = /^(\d{10}) (\d{5}) ([nf])/.exec(row) ?? [];
  if (kind === 'f') return true;
  if (kind !== 'n') return false;
  const object = /^\s*(\d+)\s+(\d+)\s+obj/.exec(text(file, Number(offset), 40));
  return object !== null && Number(object[1]) === number && Number(object[2]) === Number(generation);
}

function text(file: Buffer, at: number, length: number): string {
  return file.toString('latin1', at, Math.min(file.length, at + length));
}
