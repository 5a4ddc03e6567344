import { CLASS, REGULAR, isWhiteSpace } from '../syntax/characters.js';
import { Lexer, Token } from '../syntax/lexer.js';
import { PdfName, isInteger, isName } from '../syntax/objects.js';
import type { PdfDict, PdfObject } from '../syntax/objects.js';
import { canonicalFilter } from '../filters/decode.js';
import { operatorAt } from './operators.js';

/** Number of bytes after an `EI` that must look like content. */
export const LOOKAHEAD = 16;
const [E, I] = [0x45, 0x49];
const EI = Buffer.from('EI');
/** Maximum white space between the data and `EI`. */
const MAX_SPACE = 8;

/** An entry of an inline image by its full or abbreviated name (ISO 32000-2, tables 90 and 91). */
export function inlineEntry(dict: PdfDict, key: string, short: string): PdfObject {
  return dict.get(key) ?? dict.get(short) ?? null;
}

/** The full names of an inline image's filters. */
function inlineFilters(dict: PdfDict): string[] {
  const filter = inlineEntry(dict, 'Filter', 'F');
  const names = Array.isArray(filter) ? filter : [filter];
  return names.flatMap((name) => (name instanceof PdfName ? [canonicalFilter(name.value)] : []));
}

/** Size of an inline image without filters. Undefined if it depends on filters or resources. */
export function inlineLength(dict: PdfDict): number | undefined {
  const [width, height] = [inlineEntry(dict, 'Width', 'W'), inlineEntry(dict, 'Height', 'H')];
  if (!isInteger(width) || !isInteger(height) || width < 0 || height < 0) return undefined;
  if (inlineFilters(dict).length > 0) return undefined;
  const isMask = inlineEntry(dict, 'ImageMask', 'IM') === true;
  const components = isMask ? 1 : componentsOf(inlineEntry(dict, 'ColorSpace', 'CS'));
  const bits = isMask ? 1 : inlineEntry(dict, 'BitsPerComponent', 'BPC');
  if (components === undefined || typeof bits !== 'number') return undefined;
  return Math.ceil((width * components * bits) / 8) * height;
}

function componentsOf(space: PdfObject): number | undefined {
  if (Array.isArray(space)) {
    const [family] = space;
    return isName(family, 'Indexed') || isName(family, 'I') ? 1 : undefined;
  }
  if (!(space instanceof PdfName)) return undefined;
  return { DeviceGray: 1, G: 1, DeviceRGB: 3, RGB: 3, DeviceCMYK: 4, CMYK: 4 }[space.value];
}

/** The bytes that end the data of the first filter. Undefined for filters without an end marker. */
export function endMarker(dict: PdfDict): Buffer | undefined {
  const [first] = inlineFilters(dict);
  if (first === 'ASCII85Decode') return Buffer.from('~>');
  return first === 'ASCIIHexDecode' ? Buffer.from('>') : undefined;
}

/** Offset after the `EI` that follows data ending at `at`. Undefined if none follows. */
export function endAfter(buffer: Buffer, at: number): number | undefined {
  let next = at;
  while (next < at + MAX_SPACE && isWhiteSpace(buffer[next])) next++;
  const ends = buffer[next] === E && buffer[next + 1] === I && endsToken(buffer, next + 2);
  return ends ? next + 2 : undefined;
}

function endsToken(buffer: Buffer, at: number): boolean {
  return at >= buffer.length || CLASS[buffer[at] ?? 0] !== REGULAR;
}

/**
 * Offset of the first `EI` from `at` on that is not part of the data, or -1. White space and plausible content must
 * follow it. The buffer must contain `LOOKAHEAD` bytes after it unless the content ends.
 */
export function findEnd(buffer: Buffer, at: number): number {
  for (let found = buffer.indexOf(EI, at); found >= 0; found = buffer.indexOf(EI, found + 1)) {
    const after = found + EI.length;
    if (after >= buffer.length || (isWhiteSpace(buffer[after]) && isContent(buffer, after))) return found;
  }
  return -1;
}

function isContent(buffer: Buffer, start: number): boolean {
  const end = Math.min(start + LOOKAHEAD, buffer.length);
  for (let at = start; at < end; at++) {
    const byte = buffer[at] ?? 0;
    if (byte > 0x7e || (byte < 0x20 && !isWhiteSpace(byte))) return false;
  }
  const lexer = new Lexer(buffer, start, end);
  for (let token = lexer.next(); token !== Token.End; token = lexer.next()) {
    const isWhole = lexer.pos < end || end === buffer.length;
    if (token === Token.Keyword && isWhole && operatorAt(buffer, lexer.start, lexer.pos) === undefined) return false;
  }
  return true;
}
