import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import {
  DecodingBudget,
  PdfStream,
  fontWorkSpent,
  ifUnderstood,
  joinTrueType,
  joinType1Fonts,
  readType1Font,
} from '@pdf-tools/pdf';
import type { PdfFile, ShownTrueType, SimpleCode, Type1Font } from '@pdf-tools/pdf';
import { decodeFont } from './decode-font.js';
import { codesOfFonts, glyphsOfCids, shownCids } from './font-codes.js';
import { nameEntry } from './font-finder.js';
import type { FontProgram } from './font-finder.js';
import type { ShownFont } from './subset-program.js';
import type { WholeFonts } from './whole-fonts.js';

/** Larger font programs are rarely subsets. */
const MAX_PROGRAM_BYTES = 1024 * 1024;
/** A subset is compared with this many joined subsets of fonts with its name. */
const MAX_JOINED = 4;
/** No more programs are joined after this much work, which takes about a second. */
const MAX_WORK = 1_000_000;
const TAG = /^[A-Z]{6}\+/;

/** A TrueType font and the glyphs of it that the document shows. */
interface JoinedTrueType {
  readonly trueType: ShownTrueType;
}

/** A Type 1 font and the codes of it that the document shows. */
interface JoinedType1 {
  readonly type1: Type1Font;
  readonly codes: readonly SimpleCode[];
}

/** The joined subsets of a font. */
export type JoinedFont = JoinedTrueType | JoinedType1;

/** Font programs that one subset replaces: groups of equal programs, and their joined font if there are several groups. */
export interface FontUnit {
  readonly groups: readonly (readonly FontProgram[])[];
  readonly joined?: JoinedFont;
}

interface Options {
  readonly whole: WholeFonts;
  readonly signal: AbortSignal;
}

/**
 * Joins subsets of one font, as they are in merged documents: composite TrueType fonts by the indexes of their glyphs, and
 * simple Type 1 fonts by the names of their glyphs. Programs that are not joined are units of their own.
 */
export async function joinPrograms(
  file: PdfFile,
  groups: Iterable<readonly FontProgram[]>,
  { whole, signal }: Options,
): Promise<FontUnit[]> {
  const units: FontUnit[] = [];
  const budget = new DecodingBudget();
  const workBefore = fontWorkSpent();
  for (const candidates of candidatesByFont(file, groups)) {
    const unit = new UnitBuilder();
    for (const group of candidates) {
      await yieldToEventLoop();
      signal.throwIfAborted();
      const isJoinable = candidates.length > 1 && fontWorkSpent() - workBefore < MAX_WORK;
      unit.add(group, isJoinable ? readFont(file, group, { whole, budget }) : undefined);
    }
    units.push(...unit.units());
  }
  return units;
}

/** Groups with the same kind of program and the same name, except for the tag of a subset. */
function candidatesByFont(
  file: PdfFile,
  groups: Iterable<readonly FontProgram[]>,
): Iterable<(readonly FontProgram[])[]> {
  const candidates = new Map<string, (readonly FontProgram[])[]>();
  const inOrder = [...groups].sort(([one], [other]) => (one?.num ?? 0) - (other?.num ?? 0));
  for (const group of inOrder) {
    const key = keyOf(file, group) ?? `object ${group[0]?.num ?? ''}`;
    const others = candidates.get(key);
    if (others) others.push(group);
    else candidates.set(key, [group]);
  }
  return candidates.values();
}

function keyOf(file: PdfFile, group: readonly FontProgram[]): string | undefined {
  const keys = new Set<string | undefined>();
  for (const { users, hasDirectUser } of group) {
    if (hasDirectUser) return undefined;
    for (const { dict, cidFont, programKey } of users) {
      const name = nameEntry(file, dict, 'BaseFont')?.replace(TAG, '');
      const isJoinable = cidFont ? programKey === 'FontFile2' : programKey === 'FontFile';
      keys.add(isJoinable && name !== undefined ? `${programKey} ${name}` : undefined);
    }
  }
  const [key] = keys;
  return keys.size === 1 ? key : undefined;
}

/** Collects the programs of one font name. */
class UnitBuilder {
  readonly #joined: { readonly groups: (readonly FontProgram[])[]; font: JoinedFont }[] = [];
  readonly #others: FontUnit[] = [];

  add(group: readonly FontProgram[], font: JoinedFont | undefined): void {
    if (!font) {
      this.#others.push({ groups: [group] });
      return;
    }
    for (const unit of this.#joined.slice(0, MAX_JOINED)) {
      const joined = ifUnderstood(() => join(unit.font, font));
      if (!joined) continue;
      unit.groups.push(group);
      unit.font = joined;
      return;
    }
    this.#joined.push({ groups: [group], font });
  }

  units(): FontUnit[] {
    const joined = this.#joined.map(({ groups, font }) => (groups.length > 1 ? { groups, joined: font } : { groups }));
    return [...joined, ...this.#others];
  }
}

function join(one: JoinedFont, other: JoinedFont): JoinedFont | undefined {
  if ('trueType' in one && 'trueType' in other) {
    const [first, second] = [one.trueType, other.trueType];
    return { trueType: { bytes: joinTrueType([first, second]), shown: new Set([...first.shown, ...second.shown]) } };
  }
  if (!('type1' in one) || !('type1' in other)) return undefined;
  const type1 = joinType1Fonts([one.type1, other.type1]);
  const isSame = showsSame(one, type1) && showsSame(other, type1);
  return isSame ? { type1, codes: [...one.codes, ...other.codes] } : undefined;
}

/** Whether the codes show the same glyphs with the joined font, or none, as before. */
function showsSame({ type1, codes }: JoinedType1, joined: Type1Font): boolean {
  return codes.every(({ code, name }) => {
    const [own, other] = [name ?? type1.encoding.get(code), name ?? joined.encoding.get(code)];
    return own === other && (own === undefined || type1.charStrings.has(own) === joined.charStrings.has(own));
  });
}

interface Sources {
  readonly whole: WholeFonts;
  readonly budget: DecodingBudget;
}

/** Returns undefined for a program that is not joined. */
function readFont(file: PdfFile, group: readonly FontProgram[], { whole, budget }: Sources): JoinedFont | undefined {
  const [first] = group;
  const stream = first && file.load(first.num);
  if (!(stream instanceof PdfStream) || stream.data.length > MAX_PROGRAM_BYTES) return undefined;
  const bytes = decodeFont(file, stream, budget);
  if (!bytes || bytes.length > MAX_PROGRAM_BYTES) return undefined;
  const fonts = group.flatMap(({ users }) => users.map((user) => ({ ...user, use: whole.useOf(user.num) })));
  if (fonts[0]?.programKey === 'FontFile2') {
    const shown = shownGlyphs(file, fonts);
    return shown && { trueType: { bytes, shown } };
  }
  return ifUnderstood(() => ({ type1: readType1Font(bytes), codes: codesOfFonts(file, fonts) }));
}

function shownGlyphs(file: PdfFile, fonts: readonly ShownFont[]): Set<number> | undefined {
  const glyphs = new Set<number>();
  for (const { cidFont, use } of fonts) {
    const found = cidFont && use ? glyphsOfCids(file, cidFont, shownCids(use)) : [];
    if (!found) return undefined;
    for (const glyph of found) glyphs.add(glyph);
  }
  return glyphs;
}
