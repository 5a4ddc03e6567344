import { createHash } from 'node:crypto';
import {
  DecodingBudget,
  FontError,
  PdfDict,
  PdfName,
  PdfStream,
  collectFontUses,
  fontWorkSpent,
  pdfaPartOf,
  setFilters,
} from '@pdf-tools/pdf';
import type { ConformanceClaim, PageEntry, PdfFile, SourceObjectNumber } from '@pdf-tools/pdf';
import { deflateBest } from '../packing.js';
import type { Changes } from '../changes.js';
import { decodeFont } from './decode-font.js';
import { FontFinder, nameEntry } from './font-finder.js';
import type { FontProgram, FontUser } from './font-finder.js';
import { nameSubset } from './name-subset.js';
import { subsetProgram } from './subset-program.js';
import type { Kept, ProgramSubset, ShownFont } from './subset-program.js';
import { trimMaps } from './trim-maps.js';
import { WholeFonts } from './whole-fonts.js';

/** A subset replaces a font only if it saves this many bytes, because its fonts may need longer names. */
const WORTHWHILE_BYTES = 64;
/** Larger font programs are kept. */
const MAX_PROGRAM_BYTES = 32 * 1024 * 1024;

/** The remaining fonts are kept after this much work, which takes a few seconds. Ordinary documents need below 200 000. */
const MAX_WORK = 4_000_000;

/** Reading this many bytes counts as one unit of work. */
const BYTES_OF_WORK = 32;

const TOO_MANY: Kept = { reason: 'the document has too many fonts' };

/** The outcome for a font program. Sizes are of the encoded bytes. */
export interface FontOutcome {
  readonly font: string;
  readonly object: number;
  /** The kind of a font program that is understood. */
  readonly kind?: string;
  readonly action: 'subset' | 'kept';
  readonly reason?: string;
  readonly glyphs_before?: number;
  readonly glyphs_after?: number;
  readonly bytes_before: number;
  readonly bytes_after: number;
}

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
  for (const programs of groupEqual(file, finder.programs.values())) {
    signal.throwIfAborted();
    const task = { file, programs, whole, budget, needsLists, onWork: (units: number): void => void (work += units) };
    const result = work > MAX_WORK ? TOO_MANY : await subset(task);
    for (const program of programs) outcomes.push(replace({ file, program, changes }, result));
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
  readonly programs: readonly FontProgram[];
  readonly whole: WholeFonts;
  /** For all font programs of the document. */
  readonly budget: DecodingBudget;
  /** Whether subsets of some kinds need a list of their glyphs (ISO 19005-1, 6.3.5). */
  readonly needsLists: boolean;
  /** Called with the units of work on a font program. They are equal in every run. */
  readonly onWork: (units: number) => void;
}

interface Packed extends ProgramSubset {
  readonly deflated: Buffer;
}

async function subset({ file, programs, whole, budget, needsLists, onWork }: Task): Promise<Packed | Kept> {
  const [first] = programs;
  const stream = first && file.load(first.num);
  if (!(stream instanceof PdfStream)) return { reason: 'is not a stream' };
  const shown = shownFonts({ programs, whole, needsLists });
  if ('reason' in shown) return shown;
  const bytes = stream.data.length > MAX_PROGRAM_BYTES ? undefined : decodeFont(file, stream, budget);
  if (!bytes) return { reason: 'cannot be decoded' };
  const workBefore = fontWorkSpent();
  const result = understood(() => subsetProgram(file, bytes, shown.fonts));
  onWork(fontWorkSpent() - workBefore + bytes.length / BYTES_OF_WORK);
  if ('reason' in result) return result;
  const deflated = await deflateBest(result.bytes);
  return { ...result, deflated };
}

/** The fonts that use these programs, or why one of them must be kept. */
function shownFonts({
  programs,
  whole,
  needsLists,
}: Pick<Task, 'programs' | 'whole' | 'needsLists'>): { readonly fonts: readonly ShownFont[] } | Kept {
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

interface Replacement {
  readonly file: PdfFile;
  readonly program: FontProgram;
  readonly changes: Changes;
}

function replace({ file, program, changes }: Replacement, result: Packed | Kept): FontOutcome {
  const { num, users } = program;
  const stream = file.load(num);
  if (!(stream instanceof PdfStream)) throw new TypeError('The font program is not a stream.');
  const common = { font: fontName(file, users[0]), object: num, bytes_before: stream.data.length };
  if ('reason' in result) return { ...common, action: 'kept', ...result, bytes_after: stream.data.length };
  const counts = { kind: result.kind, glyphs_before: result.glyphsBefore, glyphs_after: result.glyphsAfter };
  const isWorthwhile = result.deflated.length + WORTHWHILE_BYTES < stream.data.length;
  if (!isWorthwhile)
    return { ...common, ...counts, action: 'kept', reason: 'would not get smaller', bytes_after: stream.data.length };
  changes.replace(num, withData(stream, result));
  for (const user of users) nameSubset(file, changes, user, { bytes: result.bytes, isConverted: isConverted(result) });
  return { ...common, ...counts, action: 'subset', bytes_after: result.deflated.length };
}

function isConverted({ kind }: ProgramSubset): boolean {
  return kind === 'Type 1';
}

function withData(stream: PdfStream, result: Packed): PdfStream {
  const { bytes, deflated } = result;
  const dict = new PdfDict(stream.dict);
  if (isConverted(result)) {
    for (const key of ['Length1', 'Length2', 'Length3']) dict.delete(key);
    dict.set('Subtype', new PdfName('Type1C'));
  }
  setFilters(dict, [{ name: 'FlateDecode', parms: undefined }]);
  if (dict.has('Length1')) dict.set('Length1', bytes.length);
  return new PdfStream(dict, deflated);
}

function fontName(file: PdfFile, user: FontUser | undefined): string {
  return (user && nameEntry(file, user.dict, 'BaseFont')) ?? '';
}
