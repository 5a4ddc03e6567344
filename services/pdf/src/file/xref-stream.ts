import { PdfError } from '../errors.js';
import type { DecodingBudget } from '../filters/budget.js';
import { decode } from '../filters/decode.js';
import { filtersOf } from '../filters/stream-filters.js';
import { MAX_OBJECTS } from '../limits.js';
import { PdfDict, isInteger, isName } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import type { ByteSource } from './byte-source.js';
import { parseRaw, readIndirect } from './indirect-object.js';
import { StreamRanges } from './stream-range.js';
import { tooManyObjects } from './xref.js';
import type { XrefEntry } from './xref.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';
import { sourceNumber } from '../syntax/object-numbers.js';

/** Maximum width of a field, in bytes. */
const MAX_WIDTH = 8;

/**
 * Reads the cross-reference stream at an offset (ISO 32000-2, 7.5.8) and adds `shift` to its offsets. Returns its
 * dictionary, or undefined if there is no such stream. Throws the errors of `decode`, and `corrupt_pdf` for fields that
 * are too wide.
 */
export function readXrefStream(
  source: ByteSource,
  offset: number,
  shift: number,
  budget: DecodingBudget,
  add: (num: SourceObjectNumber, entry: XrefEntry) => void,
): PdfDict | undefined {
  const raw = readIndirect(source, offset);
  if (raw?.dataOffset === undefined) return undefined;
  const dict = parseRaw(raw);
  if (!(dict instanceof PdfDict) || !isName(dict.get('Type'), 'XRef')) return undefined;
  const declared = dict.get('Length');
  const range = new StreamRanges(source).of(raw.dataOffset, isInteger(declared) ? declared : undefined);
  const encoded = Buffer.from(source.window(range.offset, range.length).subarray(0, range.length));
  const { bytes, left } = decode(encoded, filtersOf(dict), budget);
  const widths = integers(dict.get('W'));
  if (left.length > 0 || !areWidths(widths)) return undefined;
  readSections(bytes, widths, dict, (num, fields) => {
    const entry = entryOf(fields, shift);
    if (entry) add(num, entry);
  });
  return dict;
}

type Fields = readonly [type: number, second: number, third: number];

function integers(array: PdfObject | undefined): number[] {
  return Array.isArray(array) ? array.filter((item) => isInteger(item)) : [];
}

function areWidths(widths: readonly number[]): boolean {
  if (widths.some((width) => width < 0 || width > MAX_WIDTH))
    throw new PdfError('corrupt_pdf', `has a cross-reference stream with fields of other than 0 to ${MAX_WIDTH} bytes`);
  return widths.length >= 3 && widths.some((width) => width > 0);
}

/** Reads the rows of the subsections in /Index. Skips rows that are announced but missing. */
function readSections(
  bytes: Buffer,
  widths: readonly number[],
  dict: PdfDict,
  row: (num: SourceObjectNumber, fields: Fields) => void,
): void {
  const index = integers(dict.get('Index'));
  const size = dict.get('Size');
  const sections = index.length >= 2 ? index : [0, isInteger(size) ? size : MAX_OBJECTS];
  const length = widths.reduce((sum, width) => sum + width, 0);
  checkRows(sections, bytes.length / length);
  let at = 0;
  for (let section = 0; section + 1 < sections.length; section += 2) {
    const [first = 0, count = 0] = [sections[section], sections[section + 1]];
    for (let nth = 0; nth < count && at + length <= bytes.length; nth++, at += length) {
      row(sourceNumber(first + nth), fieldsOf(bytes, at, widths));
    }
  }
}

/** Counts rows before they are read, because entries take much more memory than rows. */
function checkRows(sections: readonly number[], existing: number): void {
  const claimed = sections.reduce((sum, count, at) => (at % 2 === 1 ? sum + Math.max(0, count) : sum), 0);
  if (Math.min(claimed, existing) > MAX_OBJECTS) throw tooManyObjects();
}

/** A type field of width 0 means type 1 (table 17). */
function fieldsOf(bytes: Buffer, from: number, widths: readonly number[]): Fields {
  const [first = 0, second = 0, third = 0] = widths;
  const type = first === 0 ? 1 : unsigned(bytes, from, first);
  return [type, unsigned(bytes, from + first, second), unsigned(bytes, from + first + second, third)];
}

function unsigned(bytes: Buffer, from: number, width: number): number {
  let value = 0;
  for (let at = from; at < from + width; at++) value = value * 256 + (bytes[at] ?? 0);
  return value;
}

/** Table 18. Other types are reserved and mean null. */
function entryOf([type, second, third]: Fields, shift: number): XrefEntry | undefined {
  if (type === 0) return { kind: 'free' };
  if (type === 1) return { kind: 'offset', offset: second + shift, gen: third };
  return type === 2 ? { kind: 'compressed', container: sourceNumber(second), index: third } : undefined;
}
