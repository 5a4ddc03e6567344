import { CffOperator } from './cff-dict.js';
import type { CffDict } from './cff-dict.js';
import { PREDEFINED_CHARSETS, PREDEFINED_ENCODINGS } from './cff-predefined.js';
import { FontBytes } from './font-bytes.js';
import { FontError } from './font-error.js';

interface GlyphSet {
  readonly isCid: boolean;
  readonly glyphCount: number;
}

/** Reads a charset (TN 5176, 13). Returns the SID or the CID of each glyph. */
export function readCharset(bytes: Uint8Array, top: CffDict, { isCid, glyphCount }: GlyphSet): readonly number[] {
  const offset = top.get(CffOperator.Charset)?.[0] ?? 0;
  if (offset < PREDEFINED_CHARSETS.length && isCid) return Array.from({ length: glyphCount }, (_, glyph) => glyph);
  const predefined = PREDEFINED_CHARSETS[offset];
  if (predefined) return predefined.slice(0, glyphCount);
  const reader = new FontBytes(bytes, offset);
  const format = reader.uint8();
  if (format > 2) throw new FontError('has a charset of an unknown format');
  const charset = [0];
  while (charset.length < glyphCount) {
    const first = reader.uint16();
    const more = format === 0 ? 0 : reader.uint(format);
    for (let at = 0; at <= more && charset.length < glyphCount; at++) charset.push(first + at);
  }
  return charset;
}

/** Reads an encoding (TN 5176, 12). Returns the glyphs of character codes. */
export function readEncoding(bytes: Uint8Array, top: CffDict, charset: readonly number[]): Map<number, number> {
  const offset = top.get(CffOperator.Encoding)?.[0] ?? 0;
  const glyphs = new Map<number, number>();
  const predefined = PREDEFINED_ENCODINGS[offset];
  if (predefined) {
    const glyphOf = glyphsBySid(charset);
    for (const [code, sid] of predefined) addTo(glyphs, code, glyphOf.get(sid));
    return glyphs;
  }
  const reader = new FontBytes(bytes, offset);
  const format = reader.uint8();
  if ((format & 0x7f) > 1) throw new FontError('has an encoding of an unknown format');
  const count = reader.uint8();
  let glyph = 1;
  for (let at = 0; at < count; at++) {
    const first = reader.uint8();
    const more = (format & 0x7f) === 0 ? 0 : reader.uint8();
    for (let code = first; code <= first + more && glyph < charset.length; code++) glyphs.set(code & 0xff, glyph++);
  }
  if (format & 0x80) readSupplements(reader, charset, glyphs);
  return glyphs;
}

/** Further codes of glyphs that have one already. */
function readSupplements(reader: FontBytes, charset: readonly number[], glyphs: Map<number, number>): void {
  const glyphOf = glyphsBySid(charset);
  const count = reader.uint8();
  for (let at = 0; at < count; at++) addTo(glyphs, reader.uint8(), glyphOf.get(reader.uint16()));
}

function addTo(glyphs: Map<number, number>, code: number, glyph: number | undefined): void {
  if (glyph) glyphs.set(code, glyph);
}

/** The glyph of each SID or CID. The first one counts. */
export function glyphsBySid(charset: readonly number[]): ReadonlyMap<number, number> {
  const glyphs = new Map<number, number>();
  for (const [glyph, sid] of charset.entries()) if (!glyphs.has(sid)) glyphs.set(sid, glyph);
  return glyphs;
}

/** Reads the index of the Font DICT of each glyph (TN 5176, 19). */
export function readFdSelect(bytes: Uint8Array, top: CffDict, glyphCount: number): Uint8Array | undefined {
  const offset = top.get(CffOperator.FdSelect)?.[0];
  if (offset === undefined) return undefined;
  const reader = new FontBytes(bytes, offset);
  const format = reader.uint8();
  if (format === 0) return reader.take(glyphCount);
  if (format !== 3) throw new FontError('has an unknown selection of its dictionaries');
  const selected = new Uint8Array(glyphCount);
  const count = reader.uint16();
  let first = reader.uint16();
  for (let range = 0; range < count; range++) {
    const index = reader.uint8();
    const next = reader.uint16();
    selected.fill(index, first, next);
    first = next;
  }
  return selected;
}
