import { CffOperator, encodeEntry } from './cff-dict.js';
import { encodeCffIndex } from './cff-index.js';
import { PREDEFINED_ENCODINGS } from './cff-predefined.js';
import { CFF_STRINGS } from './cff-strings.js';

/** Entries of a DICT by their operators. */
export type CffEntries = readonly (readonly [operator: number, operands: readonly number[]])[];

interface CffGlyph {
  readonly name: string;
  readonly charString: Uint8Array;
}

/** A font that is written as bare CFF. It is not CID-keyed and has no subroutines. */
export interface CffFontSource {
  readonly fontName: string;
  /** Entries of the Top DICT without those that give offsets. */
  readonly top: CffEntries;
  readonly private: CffEntries;
  readonly notdef: Uint8Array;
  /** The other glyphs. */
  readonly glyphs: readonly CffGlyph[];
  /** The glyph names of character codes. Names of other glyphs are left out. */
  readonly encoding: ReadonlyMap<number, string>;
}

/** The header with offsets of up to four bytes (TN 5176, 6). */
const HEADER = Uint8Array.of(1, 0, 4, 4);
const STANDARD_ENCODING_OFFSET = 0;
const SIDS = new Map(CFF_STRINGS.map((name, sid) => [name, sid]));

/** Returns the bytes of a CFF font (TN 5176). */
export function writeCff(source: CffFontSource): Uint8Array {
  const strings = new StringTable();
  const codes = codesOf(source);
  const glyphs = inCodeOrder(source.glyphs, codes);
  const sids = glyphs.map(({ name }) => strings.sid(name));
  const charset = encodeCharset(sids);
  const encoding = isStandard(source) ? undefined : encodeEncoding(glyphs, codes, strings);
  const charStrings = encodeCffIndex([source.notdef, ...glyphs.map(({ charString }) => charString)]);
  const privateDict = encodeDict(source.private);
  const before = [HEADER, encodeCffIndex([Buffer.from(source.fontName, 'latin1')])];
  const after = [encodeCffIndex(strings.own), encodeCffIndex([])];
  const body = [charset, encoding ?? new Uint8Array(0), charStrings, privateDict];
  const top = settle((start) => {
    const offsets = offsetsFrom(start + sizeOf(before) + sizeOf(after), body);
    return encodeCffIndex([
      encodeDict([
        ...source.top,
        [CffOperator.Charset, [offsets[0] ?? 0]],
        ...(encoding ? ([[CffOperator.Encoding, [offsets[1] ?? STANDARD_ENCODING_OFFSET]]] as const) : []),
        [CffOperator.CharStrings, [offsets[2] ?? 0]],
        [CffOperator.Private, [privateDict.length, offsets[3] ?? 0]],
      ]),
    ]);
  });
  return Buffer.concat([...before, top, ...after, ...body]);
}

/** Strings of the font after the standard strings. */
class StringTable {
  readonly own: Uint8Array[] = [];
  readonly #sids = new Map(SIDS);

  sid(text: string): number {
    const known = this.#sids.get(text);
    if (known !== undefined) return known;
    const sid = CFF_STRINGS.length + this.own.length;
    this.own.push(Buffer.from(text, 'latin1'));
    this.#sids.set(text, sid);
    return sid;
  }
}

/** Computes bytes that contain offsets until their size, on which the offsets depend, no longer changes. */
function settle(compute: (size: number) => Uint8Array): Uint8Array {
  let bytes = compute(0);
  for (let size = -1; size < bytes.length;) {
    size = bytes.length;
    bytes = compute(size);
  }
  return bytes;
}

function encodeDict(entries: CffEntries): Uint8Array {
  return Uint8Array.from(entries.flatMap(([operator, operands]) => encodeEntry(operator, operands)));
}

function offsetsFrom(start: number, parts: readonly Uint8Array[]): number[] {
  let offset = start;
  return parts.map((part) => {
    offset += part.length;
    return offset - part.length;
  });
}

function sizeOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

/** The codes of each glyph in ascending order. */
function codesOf({ encoding, glyphs }: CffFontSource): Map<string, number[]> {
  const codes = new Map<string, number[]>(glyphs.map(({ name }) => [name, []]));
  for (const [code, name] of [...encoding].sort(([one], [other]) => one - other)) codes.get(name)?.push(code);
  return codes;
}

/** An encoding lists codes by glyph, so glyphs with codes come first. */
function inCodeOrder(glyphs: readonly CffGlyph[], codes: ReadonlyMap<string, readonly number[]>): CffGlyph[] {
  const first = ({ name }: CffGlyph): number => codes.get(name)?.[0] ?? Infinity;
  return [...glyphs].sort((one, other) => (first(one) === first(other) ? 0 : first(one) - first(other)));
}

/** Whether StandardEncoding gives the same glyphs of this font. */
function isStandard({ encoding, glyphs }: CffFontSource): boolean {
  const names = new Set(glyphs.map(({ name }) => name));
  const kept = (name: string | undefined): string | undefined =>
    name !== undefined && names.has(name) ? name : undefined;
  return Array.from({ length: 256 }, (_, code) => code).every((code) => {
    const sid = PREDEFINED_ENCODINGS[0]?.get(code);
    return kept(encoding.get(code)) === kept(sid === undefined ? undefined : CFF_STRINGS[sid]);
  });
}

/** TN 5176, 13: format 0, or format 1 if that is smaller. */
function encodeCharset(sids: readonly number[]): Uint8Array {
  const ranges = rangesOf(sids);
  if (ranges.length * 3 >= sids.length * 2) return Uint8Array.from([0, ...sids.flatMap(word)]);
  return Uint8Array.from([1, ...ranges.flatMap(([first, count]) => [...word(first), count - 1])]);
}

/** TN 5176, 12: format 0, or format 1 if that is smaller, with supplements for glyphs of several codes. */
function encodeEncoding(
  glyphs: readonly CffGlyph[],
  codes: ReadonlyMap<string, readonly number[]>,
  strings: StringTable,
): Uint8Array {
  const all = glyphs.map(({ name }) => [name, codes.get(name) ?? []] as const);
  const firstCodes = all.flatMap(([, [code]]) => (code === undefined ? [] : [code]));
  const more = all.flatMap(([name, [, ...others]]) => others.map((code) => [code, ...word(strings.sid(name))]));
  const ranges = rangesOf(firstCodes);
  const hasRanges = ranges.length * 2 < firstCodes.length;
  return Uint8Array.from([
    (hasRanges ? 1 : 0) + (more.length > 0 ? 0x80 : 0),
    ...(hasRanges
      ? [ranges.length, ...ranges.flatMap(([first, count]) => [first, count - 1])]
      : [firstCodes.length, ...firstCodes]),
    ...(more.length > 0 ? [more.length, ...more.flat()] : []),
  ]);
}

/** Runs of numbers that follow each other, of at most 256 numbers. */
function rangesOf(values: readonly number[]): [first: number, count: number][] {
  const ranges: [number, number][] = [];
  for (const value of values) {
    const last = ranges.at(-1);
    if (last && last[1] < 256 && value === last[0] + last[1]) last[1]++;
    else ranges.push([value, 1]);
  }
  return ranges;
}

function word(value: number): [number, number] {
  return [value >> 8, value & 0xff];
}
