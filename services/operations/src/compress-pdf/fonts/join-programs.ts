import {
  DecodingBudget,
  PdfStream,
  fontWorkSpent,
  ifUnderstood,
  joinTrueType,
  joinType1Fonts,
  readType1Font,
} from '@pdf-tools/pdf';
import type { PdfFile, Type1Font } from '@pdf-tools/pdf';
import { decodeFont } from './decode-font.js';
import { nameEntry } from './font-finder.js';
import type { FontProgram } from './font-finder.js';

/** Larger font programs are rarely subsets. */
const MAX_PROGRAM_BYTES = 1024 * 1024;
/** A subset is compared with this many joined subsets of fonts with its name. */
const MAX_JOINED = 4;
/** No more programs are joined after this much work, which takes about a second. */
const MAX_WORK = 1_000_000;
const TAG = /^[A-Z]{6}\+/;

/** The joined subsets of a font. */
export type JoinedFont = { readonly trueType: Uint8Array } | { readonly type1: Type1Font };

/** Font programs that one subset replaces: groups of equal programs, and their joined font if there are several groups. */
export interface FontUnit {
  readonly groups: readonly (readonly FontProgram[])[];
  readonly joined?: JoinedFont;
}

/**
 * Joins subsets of one font, as they are in merged documents: composite TrueType fonts by the indexes of their glyphs, and
 * simple Type 1 fonts by the names of their glyphs. Programs that are not joined are units of their own.
 */
export function joinPrograms(file: PdfFile, groups: Iterable<readonly FontProgram[]>): FontUnit[] {
  const units: FontUnit[] = [];
  const budget = new DecodingBudget();
  const workBefore = fontWorkSpent();
  for (const candidates of candidatesByFont(file, groups)) {
    const isJoinable = candidates.length > 1 && fontWorkSpent() - workBefore < MAX_WORK;
    if (isJoinable) units.push(...joinCandidates(file, candidates, budget));
    else for (const group of candidates) units.push({ groups: [group] });
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

function joinCandidates(
  file: PdfFile,
  candidates: readonly (readonly FontProgram[])[],
  budget: DecodingBudget,
): FontUnit[] {
  const units: { groups: (readonly FontProgram[])[]; joined: JoinedFont }[] = [];
  const others: FontUnit[] = [];
  for (const group of candidates) {
    const font = readFont(file, group, budget);
    const joined = font && joinOne(units.slice(0, MAX_JOINED), font);
    if (joined) {
      joined.unit.groups.push(group);
      joined.unit.joined = joined.font;
    } else if (font) units.push({ groups: [group], joined: font });
    else others.push({ groups: [group] });
  }
  return [...units.map(({ groups, joined }) => (groups.length > 1 ? { groups, joined } : { groups })), ...others];
}

function joinOne<Unit extends { readonly joined: JoinedFont }>(
  units: readonly Unit[],
  font: JoinedFont,
): { readonly unit: Unit; readonly font: JoinedFont } | undefined {
  for (const unit of units) {
    const joined = ifUnderstood(() => join(unit.joined, font));
    if (joined) return { unit, font: joined };
  }
  return undefined;
}

function join(one: JoinedFont, other: JoinedFont): JoinedFont | undefined {
  if ('trueType' in one && 'trueType' in other) return { trueType: joinTrueType([one.trueType, other.trueType]) };
  if ('type1' in one && 'type1' in other) return { type1: joinType1Fonts([one.type1, other.type1]) };
  return undefined;
}

function readFont(file: PdfFile, [first]: readonly FontProgram[], budget: DecodingBudget): JoinedFont | undefined {
  const stream = first && file.load(first.num);
  if (!(stream instanceof PdfStream) || stream.data.length > MAX_PROGRAM_BYTES) return undefined;
  const bytes = decodeFont(file, stream, budget);
  if (!bytes || bytes.length > MAX_PROGRAM_BYTES) return undefined;
  if (first?.users[0]?.programKey === 'FontFile2') return { trueType: bytes };
  return ifUnderstood(() => ({ type1: readType1Font(bytes) }));
}
