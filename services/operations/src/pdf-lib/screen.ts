import { Fault } from '../fault.js';
import { InflationBudget } from './inflation.js';
import { MAX_OBJECT_NUMBER, MAX_PAGE_POINTS } from '../pdf/limits.js';
import { MAX_XREF_WIDTH } from './limits.js';

/** How far before its `stream` keyword a dictionary may begin to be looked at. */
const LONGEST_DICT = 65_536;
/** Rows of a cross-reference stream up to which it does not matter whether they are there. */
const FEW_ROWS = 100_000;

interface RawStream {
  readonly dict: string;
  readonly data: Buffer;
}

/**
 * A look at the raw bytes before any parser sees them, for what makes a parser work for ever on a small file: object
 * and cross-reference streams (ISO 32000-2, 7.5.7 and 7.5.8), which every parser inflates, and page boxes. It is no
 * proof, since names and numbers can be hidden from it: what it misses runs into the limits of the child process.
 * Throws a `Fault`: `corrupt_pdf`, `upload_too_large`, `too_many_pixels`.
 */
export function screenPdf(bytes: Uint8Array): void {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  screenTrailer(file);
  screenBoxes(file);
  const budget = new InflationBudget();
  for (const { dict, data } of rawStreams(file)) {
    const type = /\/Type\s*\/(ObjStm|XRef)\b/.exec(dict)?.[1];
    if (type === undefined) continue;
    if (type === 'XRef') screenXref(dict);
    const size = budget.spend(data, filtersOf(dict));
    if (type === 'XRef' && size !== undefined) screenRows(dict, size);
  }
}

/** Refuses page sides above the limit, in points. */
export function checkPageSide(points: number): void {
  if (Math.abs(points) <= MAX_PAGE_POINTS) return;
  throw new Fault('too_many_pixels', `has a page side of more than the limit of ${MAX_PAGE_POINTS} points`);
}

/** A lost trailer is mended from what lies in the file; one that is there and names no catalog makes no document. */
function screenTrailer(file: Buffer): void {
  if (file.includes('trailer') && !file.includes('/Root'))
    throw new Fault('corrupt_pdf', 'cannot be read: its trailer names no document catalog');
}

function screenBoxes(file: Buffer): void {
  for (let at = file.indexOf('/MediaBox'); at >= 0; at = file.indexOf('/MediaBox', at + 9)) {
    const sides = /^\s*\[([^\]]{0,200})\]/.exec(file.toString('latin1', at + 9, at + 220))?.[1] ?? '';
    for (const side of sides.trim().split(/\s+/)) if (/^[-+.\d]/.test(side)) checkPageSide(Number(side) || 0);
  }
}

/** Every stream whose dictionary is spelled out before it; what lies within another's data is not looked at. */
function* rawStreams(file: Buffer): Generator<RawStream> {
  for (let at = file.indexOf('stream'); at >= 0;) {
    const start = dataStart(file, at);
    const before = file.subarray(Math.max(0, at - LONGEST_DICT), at);
    const object = before.lastIndexOf('obj');
    if (start === undefined || object < 0) {
      at = file.indexOf('stream', at + 6);
      continue;
    }
    const dict = plainNames(before.toString('latin1', object + 3));
    const end = dataEnd(file, start, dict);
    yield { dict, data: file.subarray(start, end) };
    at = file.indexOf('stream', Math.max(end, start));
    if (at >= 0 && isEnd(file, at)) at = file.indexOf('stream', at + 6);
  }
}

/** Where a stream's data begins (7.3.8.1); undefined where the word means something else. */
function dataStart(file: Buffer, keyword: number): number | undefined {
  if (isEnd(file, keyword)) return undefined;
  const after = keyword + 6;
  if (file[after] === 0x0d) return file[after + 1] === 0x0a ? after + 2 : after + 1;
  return file[after] === 0x0a ? after + 1 : undefined;
}

function isEnd(file: Buffer, keyword: number): boolean {
  return file.toString('latin1', Math.max(0, keyword - 3), keyword) === 'end';
}

/** By its length where `endstream` follows there, else at the next `endstream`. */
function dataEnd(file: Buffer, start: number, dict: string): number {
  const length = /\/Length\s+(\d{1,10})(?!\s+\d+\s+R)/.exec(dict)?.[1];
  const told = start + Number(length ?? NaN);
  if (length !== undefined && /^\s{0,2}endstream/.test(file.toString('latin1', told, told + 11))) return told;
  const found = file.indexOf('endstream', start);
  return found < 0 ? file.length : found;
}

/** Names may have any character as #xx (7.3.5). */
function plainNames(text: string): string {
  return text.replace(/#([0-9a-f]{2})/gi, (_escape, digits: string) => String.fromCharCode(parseInt(digits, 16)));
}

function filtersOf(dict: string): string[] {
  const filter = /\/Filter\s*(\[[^\]]*\]|\/\w+)/.exec(dict)?.[1] ?? '';
  return [...filter.matchAll(/\/(\w+)/g)].map(([, name = '']) => name);
}

function numbersOf(dict: string, key: string): number[] {
  const text = new RegExp(`/${key}\\s*\\[([^\\]]*)\\]`).exec(dict)?.[1] ?? '';
  return text
    .trim()
    .split(/\s+/)
    .filter((word) => /^[-+]?\d+$/.test(word))
    .map(Number);
}

/** Field widths, subsections and size of a cross-reference stream (7.5.8.2). */
function screenXref(dict: string): void {
  const widths = numbersOf(dict, 'W');
  const total = widths.reduce((sum, width) => sum + width, 0);
  if (widths.some((width) => width < 0 || width > MAX_XREF_WIDTH) || (widths.length > 0 && total < 1))
    throw new Fault(
      'corrupt_pdf',
      `has a cross-reference stream with fields of other than 0 to ${MAX_XREF_WIDTH} bytes`,
    );
  const size = Number(/\/Size\s+(\d+)/.exec(dict)?.[1] ?? 0);
  if ([size, ...numbersOf(dict, 'Index')].some((number) => number > MAX_OBJECT_NUMBER))
    throw new Fault('corrupt_pdf', `has object numbers above the limit of ${MAX_OBJECT_NUMBER}`);
}

/** Rows that are claimed but not there would all be made up by a parser. */
function screenRows(dict: string, bytes: number): void {
  const width = numbersOf(dict, 'W').reduce((sum, each) => sum + each, 0);
  const index = numbersOf(dict, 'Index');
  const size = Number(/\/Size\s+(\d+)/.exec(dict)?.[1] ?? 0);
  const rows = index.length > 0 ? index.filter((_number, at) => at % 2 === 1).reduce((sum, n) => sum + n, 0) : size;
  if (rows > FEW_ROWS && rows * width > bytes)
    throw new Fault('corrupt_pdf', 'has a cross-reference stream that is shorter than it says');
}
