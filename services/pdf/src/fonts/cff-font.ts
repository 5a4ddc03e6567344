import { readCharset, readEncoding, readFdSelect } from './cff-tables.js';
import { CffOperator, readCffDict } from './cff-dict.js';
import type { CffDict } from './cff-dict.js';
import { readCffIndex } from './cff-index.js';
import { CFF_STRINGS } from './cff-strings.js';
import { FontBytes } from './font-bytes.js';
import { FontError } from './font-error.js';

/** The Private DICT of a font, or of one part of a CID-keyed font, with its subroutines. */
interface CffPrivate {
  readonly dict: CffDict;
  readonly subroutines: readonly Uint8Array[];
  readonly defaultWidth: number;
  readonly nominalWidth: number;
}

/** A Font DICT of a CID-keyed font. Other fonts have one with the entries of their Top DICT. */
export interface CffFontDict {
  readonly dict: CffDict;
  readonly private: CffPrivate;
}

/** The first font of a CFF font set (TN 5176). */
export interface CffFont {
  readonly name: string;
  readonly top: CffDict;
  readonly isCid: boolean;
  readonly globalSubroutines: readonly Uint8Array[];
  readonly charStrings: readonly Uint8Array[];
  /** The SID of each glyph, or the CID in a CID-keyed font. */
  readonly charset: readonly number[];
  /** The glyphs of character codes. Empty in a CID-keyed font. */
  readonly encoding: ReadonlyMap<number, number>;
  readonly fontDicts: readonly CffFontDict[];
  /** The index in `fontDicts` of each glyph, or undefined when there is one. */
  readonly fdSelect: Uint8Array | undefined;
  /** Returns the string with this SID. */
  readonly string: (sid: number) => string | undefined;
}

/** Reads a CFF font set. Throws a `FontError` if it is not understood. */
export function readCffFont(bytes: Uint8Array): CffFont {
  const reader = new FontBytes(bytes);
  if (reader.uint8() !== 1) throw new FontError('has an unknown version of CFF');
  reader.at = 2;
  reader.at = reader.uint8();
  const names = readCffIndex(reader);
  const top = readCffDict(readCffIndex(reader)[0] ?? new Uint8Array(0));
  const strings = readCffIndex(reader);
  const globalSubroutines = readCffIndex(reader);
  const charStrings = readCffIndex(new FontBytes(bytes, offsetOf(top, CffOperator.CharStrings)));
  if (charStrings.length === 0) throw new FontError('has no glyphs');
  if ((top.get(CffOperator.CharstringType)?.[0] ?? 2) !== 2) throw new FontError('has charstrings of another type');
  const isCid = top.has(CffOperator.Ros);
  const charset = readCharset(bytes, top, { isCid, glyphCount: charStrings.length });
  return {
    name: latin1(names[0] ?? new Uint8Array(0)),
    top,
    isCid,
    globalSubroutines,
    charStrings,
    charset,
    encoding: isCid ? new Map() : readEncoding(bytes, top, charset),
    fontDicts: isCid ? readFontDicts(bytes, top) : [{ dict: top, private: readPrivate(bytes, top) }],
    fdSelect: isCid ? readFdSelect(bytes, top, charStrings.length) : undefined,
    string: (sid) => {
      const own = strings[sid - CFF_STRINGS.length];
      return CFF_STRINGS[sid] ?? (own && latin1(own));
    },
  };
}

function readFontDicts(bytes: Uint8Array, top: CffDict): CffFontDict[] {
  const index = readCffIndex(new FontBytes(bytes, offsetOf(top, CffOperator.FdArray)));
  return index.map((item) => {
    const dict = readCffDict(item);
    return { dict, private: readPrivate(bytes, dict) };
  });
}

function readPrivate(bytes: Uint8Array, owner: CffDict): CffPrivate {
  const [size = 0, offset = 0] = owner.get(CffOperator.Private) ?? [];
  const dict = readCffDict(size === 0 ? new Uint8Array(0) : new FontBytes(bytes, offset).take(size));
  const subrsAt = dict.get(CffOperator.Subrs)?.[0];
  return {
    dict,
    subroutines: subrsAt ? readCffIndex(new FontBytes(bytes, offset + subrsAt)) : [],
    defaultWidth: dict.get(CffOperator.DefaultWidthX)?.[0] ?? 0,
    nominalWidth: dict.get(CffOperator.NominalWidthX)?.[0] ?? 0,
  };
}

function offsetOf(dict: CffDict, operator: number): number {
  const offset = dict.get(operator)?.[0];
  if (offset === undefined) throw new FontError('has no glyphs');
  return offset;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
