import { createHash } from 'node:crypto';
import { DecodingBudget, FontError, PdfStream, collectFontUses, fontWorkSpent, pdfaPartOf } from '@pdf-tools/pdf';
import type { ConformanceClaim, PageEntry, PdfFile, SourceObjectNumber } from '@pdf-tools/pdf';
import { deflateBest } from '../packing.js';
import type { Changes } from '../changes.js';
import { decodeFont } from './decode-font.js';
import { FontFinder } from './font-finder.js';
import type { FontProgram } from './font-finder.js';
import { joinPrograms } from './join-programs.js';
import type { FontUnit } from './join-programs.js';
import { isWorthwhile, replaceUnit } from './replace-programs.js';
import type { FontOutcome, PackedSubset } from './replace-programs.js';
import { subsetJoined, subsetProgram } from './subset-program.js';
import type { Kept, ProgramSubset, ShownFont } from './subset-program.js';
import { trimMaps } from './trim-maps.js';
import { WholeFonts } from './whole-fonts.js';

/** Larger font programs are kept. */
const MAX_PROGRAM_BYTES = 32 * 1024 * 1024;

/** The remaining fonts are kept after this much work, which takes a few seconds. Ordinary documents need below 200 000. */
const MAX_WORK = 4_000_000;

/** Reading this many bytes counts as one unit of work. */
const BYTES_OF_WORK = 32;

const TOO_MANY: Kept = { reason: 'the document has too many fonts' };

interface Options {
  /** Claims of the document, such as PDF/A. */
  readonly claims: readonly ConformanceClaim[];
  readonly changes: Changes;
  readonly signal: AbortSignal;
  /** The objects that the trailer leads to. */
  readonly numbers: ReadonlySet<SourceObjectNumber>;
}

/**
 * Replaces font programs by subsets with the glyphs that the document shows, and trims the maps of their codes. Keeps
 * every font that is not understood, and the fonts of editable text. Reports each font program.
 */
export async function subsetFonts(
  file: PdfFile,
  pages: readonly PageEntry[],
  { changes, signal, claims, numbers }: Options,
): Promise<FontOutcome[]> {
  const finder = new FontFinder(file);
  for (const num of numbers) finder.add(num);
  if (finder.programs.size === 0 && finder.maps.size === 0) return [];
  const uses = await collectFontUses(file, pages, { signal, numbers });
  const whole = new WholeFonts(file, finder, uses);
  const budget = new DecodingBudget();
  const needsLists = claims.some((claim) => pdfaPartOf(claim) === 1);
  let work = 0;
  const outcomes: FontOutcome[] = [];
  const onWork = (units: number): void => void (work += units);
  const units = await joinPrograms(file, groupEqual(file, finder.programs.values()), { whole, signal });
  for (let unit = units.shift(); unit; unit = units.shift()) {
    signal.throwIfAborted();
    const result = work > MAX_WORK ? TOO_MANY : await subset({ file, unit, whole, budget, needsLists, onWork });
    if (unit.joined && !isWorthwhile(file, unit, result))
      units.unshift(...unit.groups.map((group) => ({ groups: [group] })));
    else outcomes.push(...replaceUnit({ file, unit, changes }, result));
  }
  await trimMaps(file, finder.maps, { whole, changes, signal });
  return outcomes.sort((one, other) => one.object - other.object);
}

/** Groups font programs with equal data, so that all of them get the same subset. */
function groupEqual(file: PdfFile, programs: Iterable<FontProgram>): Iterable<FontProgram[]> {
  const groups = new Map<string, FontProgram[]>();
  for (const program of programs) {
    const stream = file.load(program.num);
    if (!(stream instanceof PdfStream)) continue;
    const digest = createHash('sha256').update(file.encoded(stream)).digest('base64');
    const group = groups.get(digest);
    if (group) group.push(program);
    else groups.set(digest, [program]);
  }
  return groups.values();
}

interface Task {
  readonly file: PdfFile;
  readonly unit: FontUnit;
  readonly whole: WholeFonts;
  /** For all font programs of the document. */
  readonly budget: DecodingBudget;
  /** Whether subsets of some kinds need a list of their glyphs (ISO 19005-1, 6.3.5). */
  readonly needsLists: boolean;
  /** Called with the units of work on a font program. They are equal in every run. */
  readonly onWork: (units: number) => void;
}

async function subset({ file, unit, whole, budget, needsLists, onWork }: Task): Promise<PackedSubset | Kept> {
  const programs = unit.groups.flat();
  const [first] = programs;
  const stream = first && file.load(first.num);
  if (!(stream instanceof PdfStream)) return { reason: 'is not a stream' };
  const shown = shownFonts({ programs, whole, needsLists });
  if ('reason' in shown) return shown;
  const workBefore = fontWorkSpent();
  const result = understood(() => {
    if (unit.joined) return subsetJoined(file, unit.joined, shown.fonts);
    const bytes = stream.data.length > MAX_PROGRAM_BYTES ? undefined : decodeFont(file, stream, budget);
    onWork((bytes?.length ?? 0) / BYTES_OF_WORK);
    return bytes ? subsetProgram(file, bytes, shown.fonts) : { reason: 'cannot be decoded' };
  });
  onWork(fontWorkSpent() - workBefore);
  if ('reason' in result) return result;
  const deflated = await deflateBest(result.bytes);
  return { ...result, deflated };
}

/** The fonts that use these programs, or why one of them must be kept. */
function shownFonts({
  programs,
  whole,
  needsLists,
}: {
  readonly programs: readonly FontProgram[];
} & Pick<Task, 'whole' | 'needsLists'>): { readonly fonts: readonly ShownFont[] } | Kept {
  const fonts: ShownFont[] = [];
  for (const { users, hasDirectUser } of programs) {
    if (hasDirectUser) return { reason: 'a font dictionary is not an indirect object' };
    for (const user of users) {
      const reason = whole.reasonFor(user.num);
      if (reason !== undefined) return { reason };
      if (needsLists && (user.cidFont || user.programKey !== 'FontFile2'))
        return { reason: 'PDF/A-1 requires a list of its glyphs' };
      fonts.push({ ...user, use: whole.useOf(user.num) });
    }
  }
  return { fonts };
}

function understood(read: () => ProgramSubset | Kept): ProgramSubset | Kept {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof FontError) return { reason: thrown.message };
    throw thrown;
  }
}
