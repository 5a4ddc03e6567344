import { CffOperator, encodeEntry, encodeLongInteger, encodeOperator } from './cff-dict.js';
import type { CffDict } from './cff-dict.js';
import { readCffFont } from './cff-font.js';
import type { CffFont, CffFontDict } from './cff-font.js';
import { encodeCffIndex, readCffIndex } from './cff-index.js';
import { PREDEFINED_CHARSETS, PREDEFINED_ENCODINGS } from './cff-predefined.js';
import { keptStrings } from './cff-subset-strings.js';
import { encodeSubsetCharset, encodeSubsetFdSelect, rawEncoding } from './cff-subset-tables.js';
import { findUsed } from './cff-usage.js';
import { FontBytes } from './font-bytes.js';
import { FontError } from './font-error.js';

/** A charstring that draws nothing. */
const ENDCHAR = Uint8Array.of(14);
/** UniqueID and XUID promise that all fonts with the same value have the same glyphs. */
const IDENTIFIERS: readonly number[] = [13, 14];
const NOTHING = new Uint8Array(0);

/** A subset and the glyphs in it, by their indexes in the original. */
export interface CffSubset {
  readonly bytes: Uint8Array;
  /** The index in the subset of each glyph. */
  readonly glyphs: ReadonlyMap<number, number>;
  readonly glyphCount: number;
}

interface Options {
  /** Whether glyphs keep their indexes. If not, a CID-keyed subset has no other glyphs. */
  readonly keepsIndexes: boolean;
}

/**
 * Removes the glyphs of a bare CFF font (TN 5176) that are not selected, and the subroutines and strings that only they
 * use. Names, CIDs, codes, charstrings and hints stay the same. Throws a `FontError` if the font is not understood.
 */
export function subsetCff(bytes: Uint8Array, selected: ReadonlySet<number>, { keepsIndexes }: Options): CffSubset {
  const font = readCffFont(bytes);
  const used = findUsed(font, selected);
  const order =
    keepsIndexes || !font.isCid
      ? Array.from(font.charStrings.keys())
      : [...used.glyphs].sort((one, other) => one - other);
  const reader = new FontBytes(bytes, 2);
  reader.at = reader.uint8();
  const names = readCffIndex(reader);
  readCffIndex(reader);
  const strings = keptStrings(font, readCffIndex(reader), used.glyphs);
  const layout = new CffLayout(
    bytes.subarray(0, bytes[2] ?? 0),
    [encodeCffIndex(names.slice(0, 1))],
    [
      encodeCffIndex(strings),
      encodeCffIndex(font.globalSubroutines.map((each, index) => (used.global.has(index) ? each : NOTHING))),
    ],
  );
  addTables(layout, bytes, { font, order, glyphs: used.glyphs });
  addFontDicts(layout, font, used.local);
  return {
    bytes: layout.write(font.top),
    glyphs: new Map([...order.entries()].flatMap(([index, glyph]) => (used.glyphs.has(glyph) ? [[glyph, index]] : []))),
    glyphCount: font.charStrings.length,
  };
}

interface Kept {
  readonly font: CffFont;
  /** The glyphs of the subset by their indexes in the original, and those of them that are not emptied. */
  readonly order: readonly number[];
  readonly glyphs: ReadonlySet<number>;
}

function addTables(layout: CffLayout, bytes: Uint8Array, { font, order, glyphs }: Kept): void {
  const charset = font.top.get(CffOperator.Charset)?.[0] ?? 0;
  if (font.isCid || charset >= PREDEFINED_CHARSETS.length)
    layout.add(CffOperator.Charset, encodeSubsetCharset(order.map((glyph) => font.charset[glyph] ?? 0)));
  const encoding = font.isCid ? 0 : (font.top.get(CffOperator.Encoding)?.[0] ?? 0);
  if (encoding >= PREDEFINED_ENCODINGS.length) layout.add(CffOperator.Encoding, rawEncoding(bytes, encoding));
  const { fdSelect } = font;
  if (fdSelect) layout.add(CffOperator.FdSelect, encodeSubsetFdSelect(order, glyphs, fdSelect));
  const charStrings = order.map((glyph) => (glyphs.has(glyph) ? (font.charStrings[glyph] ?? ENDCHAR) : ENDCHAR));
  layout.add(CffOperator.CharStrings, encodeCffIndex(charStrings));
}

/** Adds the Private DICTs and their subroutines. A CID-keyed font has an array of the Font DICTs that own them. */
function addFontDicts(layout: CffLayout, font: CffFont, usedLocal: readonly ReadonlySet<number>[]): void {
  const owners = font.fontDicts.map((fontDict, index) => {
    const [size, offset] = layout.addPrivate(fontDict, usedLocal[index] ?? new Set());
    return { fontDict, size, offset };
  });
  if (font.isCid) {
    const dicts = owners.map(({ fontDict, size, offset }) => ({ dict: fontDict.dict, size, offset }));
    layout.addFontDicts(dicts);
  } else if (owners[0]) layout.setPrivate(owners[0].size, owners[0].offset);
}

interface PrivateOwner {
  readonly dict: CffDict;
  readonly size: number;
  readonly offset: number;
}

/** The parts of a font in their order. Offsets are written in a form of fixed size, so that the Top DICT comes first. */
class CffLayout {
  readonly #header: Uint8Array;
  readonly #before: readonly Uint8Array[];
  readonly #after: readonly Uint8Array[];
  readonly #body: Uint8Array[] = [];
  readonly #offsets = new Map<number, readonly number[]>();
  readonly #fontDicts: { readonly owners: readonly PrivateOwner[] }[] = [];
  #size = 0;

  constructor(header: Uint8Array, before: readonly Uint8Array[], after: readonly Uint8Array[]) {
    this.#header = header;
    this.#before = before;
    this.#after = after;
  }

  /** Adds a table. An entry of the Top DICT has its offset. */
  add(operator: number, table: Uint8Array): void {
    this.#offsets.set(operator, [this.#push(table)]);
  }

  /** Adds a Private DICT and its used subroutines. Returns its size and its offset in the body. */
  addPrivate({ dict, private: own }: CffFontDict, used: ReadonlySet<number>): readonly [size: number, offset: number] {
    if (!dict.has(CffOperator.Private)) return [0, 0];
    const entries = [...own.dict].filter(([operator]) => operator !== CffOperator.Subrs);
    const encoded = entries.flatMap(([operator, operands]) => encodeEntry(operator, operands));
    const hasSubroutines = own.subroutines.length > 0;
    const size = encoded.length + (hasSubroutines ? encodeLongInteger(0).length + 1 : 0);
    if (hasSubroutines) encoded.push(...encodeLongInteger(size), ...encodeOperator(CffOperator.Subrs));
    const offset = this.#push(Uint8Array.from(encoded));
    if (hasSubroutines)
      this.#push(encodeCffIndex(own.subroutines.map((each, index) => (used.has(index) ? each : NOTHING))));
    return [size, offset];
  }

  setPrivate(size: number, offset: number): void {
    this.#offsets.set(CffOperator.Private, [size, offset]);
  }

  addFontDicts(owners: readonly PrivateOwner[]): void {
    this.#fontDicts.push({ owners });
    this.#offsets.set(CffOperator.FdArray, [this.#push(encodeFontDicts(owners, 0))]);
  }

  write(top: CffDict): Uint8Array {
    const before = Buffer.concat([this.#header, ...this.#before]);
    const after = Buffer.concat(this.#after);
    const start = before.length + this.#encodeTop(top, 0).length + after.length;
    const index = this.#offsets.get(CffOperator.FdArray)?.[0];
    const parts = this.#body.map((part) => part);
    const [array] = this.#fontDicts;
    if (array && index !== undefined) parts[parts.length - 1] = encodeFontDicts(array.owners, start);
    return Buffer.concat([before, this.#encodeTop(top, start), after, ...parts]);
  }

  #encodeTop(top: CffDict, start: number): Uint8Array {
    const entries = [...top].flatMap(([operator, operands]) => {
      if (IDENTIFIERS.includes(operator)) return [];
      const offsets = this.#offsets.get(operator);
      return offsets ? offsetEntry(operator, offsets, start) : encodeEntry(operator, operands);
    });
    // A CID-keyed font whose charset is predefined has no entry for it.
    const added = [...this.#offsets].filter(([operator]) => !top.has(operator));
    const more = added.flatMap(([operator, offsets]) => offsetEntry(operator, offsets, start));
    return encodeCffIndex([Uint8Array.from([...entries, ...more])]);
  }

  #push(part: Uint8Array): number {
    const offset = this.#size;
    this.#body.push(part);
    this.#size += part.length;
    return offset;
  }
}

/** An entry whose last operand is an offset. */
function offsetEntry(operator: number, operands: readonly number[], start: number): number[] {
  const offset = operands.at(-1);
  if (offset === undefined) throw new FontError('has an entry without an offset');
  const sizes = operands.slice(0, -1).flatMap(encodeLongInteger);
  return [...sizes, ...encodeLongInteger(start + offset), ...encodeOperator(operator)];
}

function encodeFontDicts(owners: readonly PrivateOwner[], start: number): Uint8Array {
  return encodeCffIndex(
    owners.map(({ dict, size, offset }) =>
      Uint8Array.from(
        [...dict].flatMap(([operator, operands]) =>
          operator === CffOperator.Private
            ? offsetEntry(operator, [size, offset], start)
            : encodeEntry(operator, operands),
        ),
      ),
    ),
  );
}
