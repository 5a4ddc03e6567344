import { FontError } from './font-error.js';
import { PREDEFINED_ENCODINGS } from './cff-predefined.js';
import { CFF_STRINGS } from './cff-strings.js';
import { readType1Encoding } from './type1-encoding.js';
import { decryptCharString, splitType1 } from './type1-encryption.js';
import { Type1Tokens, numberOf } from './type1-tokens.js';

/** Maximum number of subroutines, and random bytes of a charstring if the font does not say. */
const MAX_SUBROUTINES = 65_536;
const DEFAULT_LEN_IV = 4;
const CHARSTRINGS = '/CharStrings';
const DEFAULT_MATRIX: readonly number[] = [0.001, 0, 0, 0.001, 0, 0];

/** Entries of the Private dictionary that a CFF font also has. */
const TYPE1_PRIVATE_ENTRIES = [
  'BlueValues',
  'OtherBlues',
  'FamilyBlues',
  'FamilyOtherBlues',
  'BlueScale',
  'BlueShift',
  'BlueFuzz',
  'StdHW',
  'StdVW',
  'StemSnapH',
  'StemSnapV',
  'ForceBold',
  'LanguageGroup',
  'ExpansionFactor',
] as const;
export type Type1PrivateEntry = (typeof TYPE1_PRIVATE_ENTRIES)[number];

/** A Type 1 font program (Adobe Type 1 Font Format). */
export interface Type1Font {
  readonly fontName: string;
  readonly fontMatrix: readonly number[];
  readonly fontBBox: readonly number[];
  readonly paintType: number;
  /** The glyph names of character codes, without .notdef. */
  readonly encoding: ReadonlyMap<number, string>;
  readonly private: ReadonlyMap<Type1PrivateEntry, readonly number[]>;
  /** The decrypted charstrings by glyph name, and the subroutines by number. */
  readonly charStrings: ReadonlyMap<string, Uint8Array>;
  readonly subroutines: ReadonlyMap<number, Uint8Array>;
}

/** The glyph names of StandardEncoding by code. */
export const STANDARD_ENCODING: ReadonlyMap<number, string> = new Map(
  [...(PREDEFINED_ENCODINGS[0] ?? [])].map(([code, sid]) => [code, CFF_STRINGS[sid] ?? '']),
);

/** Reads a Type 1 font program in PFA or PFB form, or as in a PDF file. Throws a `FontError` if it has no glyphs. */
export function readType1Font(bytes: Uint8Array): Type1Font {
  const { clearText, privateText } = splitType1(bytes);
  const outer = readOuter(clearText);
  const inner = readInner(privateText);
  if (inner.charStrings.size === 0) throw new FontError('has no glyphs');
  return { ...outer, ...inner };
}

type Outer = Pick<Type1Font, 'fontName' | 'fontMatrix' | 'fontBBox' | 'paintType' | 'encoding'>;
type Inner = Pick<Type1Font, 'private' | 'charStrings' | 'subroutines'>;

function readOuter(text: Buffer): Outer {
  const tokens = new Type1Tokens(text);
  let [fontName, paintType] = ['', 0];
  let fontMatrix = DEFAULT_MATRIX;
  let fontBBox: readonly number[] = [0, 0, 0, 0];
  let encoding: ReadonlyMap<number, string> | undefined;
  for (let token = tokens.next(); token !== undefined; token = tokens.next()) {
    if (token === '/FontName') fontName = nameOf(tokens.next());
    else if (token === '/PaintType') paintType = numberOf(tokens.next()) ?? 0;
    else if (token === '/FontBBox') fontBBox = tokens.numbers() ?? fontBBox;
    else if (token === '/FontMatrix') fontMatrix = matrixOf(tokens);
    else if (token === '/Encoding') encoding ??= readType1Encoding(tokens, STANDARD_ENCODING);
  }
  return { fontName, paintType, fontMatrix, fontBBox, encoding: encoding ?? new Map() };
}

function nameOf(token = ''): string {
  return token.replace(/^\//, '');
}

function matrixOf(tokens: Type1Tokens): number[] {
  const matrix = tokens.numbers();
  if (matrix?.length !== 6) throw new FontError('has a font matrix that is not understood');
  return matrix;
}

function readInner(text: Buffer): Inner {
  const tokens = new Type1Tokens(text);
  const values = new Map<Type1PrivateEntry, number[]>();
  const subroutines = new Map<number, Uint8Array>();
  const charStrings = new Map<string, Uint8Array>();
  let lenIV = DEFAULT_LEN_IV;
  for (let token = tokens.next(); token !== undefined; token = tokens.next()) {
    if (token === '/lenIV') lenIV = numberOf(tokens.next()) ?? DEFAULT_LEN_IV;
    else if (token === '/Subrs' && subroutines.size === 0) readSubroutines(tokens, lenIV, subroutines);
    else if (token === CHARSTRINGS && charStrings.size === 0) readCharStrings(tokens, lenIV, charStrings);
    else {
      const entry = TYPE1_PRIVATE_ENTRIES.find((name) => token === `/${name}`);
      if (entry && !values.has(entry)) readPrivateEntry(tokens, entry, values);
    }
  }
  return { private: values, charStrings, subroutines };
}

/** An array, a number or a Boolean. */
function readPrivateEntry(
  tokens: Type1Tokens,
  entry: Type1PrivateEntry,
  values: Map<Type1PrivateEntry, number[]>,
): void {
  const start = tokens.at;
  const token = tokens.next();
  const value = token === 'true' ? 1 : token === 'false' ? 0 : numberOf(token);
  if (value === undefined) tokens.at = start;
  const numbers = value === undefined ? tokens.numbers() : [value];
  if (numbers) values.set(entry, numbers);
}

/** Reads `count array` and then `dup number length RD data` per subroutine, up to `ND` or `def`. */
function readSubroutines(tokens: Type1Tokens, lenIV: number, subroutines: Map<number, Uint8Array>): void {
  const count = numberOf(tokens.next());
  if (count === undefined || count > MAX_SUBROUTINES) return;
  let token = tokens.next();
  while (token !== undefined && !endsSubroutines(token)) {
    if (token === 'dup') {
      const number = numberOf(tokens.next());
      const data = readBinary(tokens);
      if (number === undefined || !data) return;
      subroutines.set(number, decryptCharString(data, lenIV));
    }
    token = tokens.next();
  }
  // The charstrings are read by the caller.
  if (token === CHARSTRINGS) tokens.at -= token.length;
}

function endsSubroutines(token: string): boolean {
  return token === CHARSTRINGS || token === 'ND' || token === '|-' || token === 'def';
}

/** Reads `count dict dup begin` and then `/name length RD data ND` per glyph, up to `end`. */
function readCharStrings(tokens: Type1Tokens, lenIV: number, charStrings: Map<string, Uint8Array>): void {
  for (let token = tokens.next(); token !== undefined; token = tokens.next()) {
    if (token === 'end' && charStrings.size > 0) return;
    if (!token.startsWith('/')) continue;
    const data = readBinary(tokens);
    // The first definition of a glyph counts, as in FreeType.
    if (data && !charStrings.has(token.slice(1))) charStrings.set(token.slice(1), decryptCharString(data, lenIV));
  }
}

/** Reads a length, the name of the procedure that reads, and the data. */
function readBinary(tokens: Type1Tokens): Buffer | undefined {
  const length = numberOf(tokens.next());
  if (length === undefined || tokens.next() === undefined) return undefined;
  return tokens.binary(length);
}
