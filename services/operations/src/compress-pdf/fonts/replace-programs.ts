import { PdfDict, PdfName, PdfStream, setFilters } from '@pdf-tools/pdf';
import type { PdfFile } from '@pdf-tools/pdf';
import type { Changes } from '../changes.js';
import { nameEntry } from './font-finder.js';
import type { FontProgram } from './font-finder.js';
import type { FontUnit } from './join-programs.js';
import { nameSubset } from './name-subset.js';
import type { Kept, ProgramSubset } from './subset-program.js';

/** A subset replaces a font only if it saves this many bytes, because its fonts may need longer names. */
const WORTHWHILE_BYTES = 64;

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
  /** The object of another subset of the same font whose program has the glyphs of this one too. */
  readonly joined_with?: number;
}

/** A subset and its deflated bytes. */
export interface PackedSubset extends ProgramSubset {
  readonly deflated: Buffer;
}

interface Replacement {
  readonly file: PdfFile;
  readonly unit: FontUnit;
  readonly changes: Changes;
}

/** Whether a subset is smaller than the programs that it replaces. */
export function isWorthwhile(file: PdfFile, { groups }: FontUnit, result: PackedSubset | Kept): boolean {
  if ('reason' in result) return false;
  const before = groups.reduce((sum, [first]) => sum + (first ? programOf(file, first).data.length : 0), 0);
  return result.deflated.length + WORTHWHILE_BYTES < before;
}

/** Replaces the programs of a unit by their subset, if that is smaller. Reports each program. */
export function replaceUnit({ file, unit, changes }: Replacement, result: PackedSubset | Kept): FontOutcome[] {
  const [shared, ...joined] = unit.groups;
  const [first] = shared ?? [];
  if (!shared || !first) return [];
  if ('reason' in result) return unit.groups.flat().map((program) => keptOutcome(file, program, result));
  const counts = { kind: result.kind, glyphs_before: result.glyphsBefore, glyphs_after: result.glyphsAfter };
  const kept = { ...counts, reason: 'would not get smaller' };
  if (!isWorthwhile(file, unit, result)) return unit.groups.flat().map((program) => keptOutcome(file, program, kept));
  const stream = withData(programOf(file, first), result);
  const outcome = (program: FontProgram): FontOutcome => {
    changes.replace(program.num, stream);
    for (const user of program.users)
      nameSubset(file, changes, user, { bytes: result.bytes, isConverted: isConverted(result) });
    return { ...commonOf(file, program), ...counts, action: 'subset', bytes_after: result.deflated.length };
  };
  const withFirst = { bytes_after: 0, joined_with: first.num };
  return [...shared.map(outcome), ...joined.flat().map((program) => ({ ...outcome(program), ...withFirst }))];
}

function keptOutcome(file: PdfFile, program: FontProgram, details: Kept): FontOutcome {
  const common = commonOf(file, program);
  return { ...common, action: 'kept', ...details, bytes_after: common.bytes_before };
}

function commonOf(file: PdfFile, program: FontProgram): Pick<FontOutcome, 'font' | 'object' | 'bytes_before'> {
  const [user] = program.users;
  const font = (user && nameEntry(file, user.dict, 'BaseFont')) ?? '';
  return { font, object: program.num, bytes_before: programOf(file, program).data.length };
}

function programOf(file: PdfFile, { num }: FontProgram): PdfStream {
  const stream = file.load(num);
  if (!(stream instanceof PdfStream)) throw new TypeError('The font program is not a stream.');
  return stream;
}

function isConverted({ kind }: ProgramSubset): boolean {
  return kind === 'Type 1';
}

function withData(stream: PdfStream, result: PackedSubset): PdfStream {
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
