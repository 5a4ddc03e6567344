import { readSfntTables } from '@pdf-tools/pdf';
import type { FontUse, PdfFile } from '@pdf-tools/pdf';
import type { FontUser } from './font-finder.js';
import type { JoinedFont } from './join-programs.js';
import { subsetCffProgram } from './subset-cff-program.js';
import { subsetOpenTypeProgram } from './subset-opentype-program.js';
import { subsetType1Font, subsetType1Program } from './subset-type1-program.js';
import { subsetTrueTypeProgram } from './subset-truetype-program.js';

/** A font and the codes that the document shows with it, if any. */
export interface ShownFont extends FontUser {
  readonly use: FontUse | undefined;
}

/** A font program with fewer glyphs. */
export interface ProgramSubset {
  readonly kind: 'TrueType' | 'CFF' | 'OpenType CFF' | 'Type 1';
  /** The program. A Type 1 font becomes a CFF font. */
  readonly bytes: Uint8Array;
  readonly glyphsBefore: number;
  readonly glyphsAfter: number;
}

/** Why a font program is kept. */
export interface Kept {
  readonly reason: string;
}

/** The first byte of a CFF font, and of a Type 1 font without and with headers of its parts. The one of TrueType is 0. */
const CFF_VERSION = 1;
const TYPE1_STARTS: readonly (number | undefined)[] = [0x25, 0x80];

/** Makes a subset for all fonts whose programs were joined. Throws a `FontError` if the programs are not understood. */
export function subsetJoined(file: PdfFile, joined: JoinedFont, fonts: readonly ShownFont[]): ProgramSubset | Kept {
  if ('type1' in joined) return subsetType1Font(file, joined.type1, fonts);
  return subsetTrueTypeProgram(file, joined.trueType.bytes, fonts);
}

/** Makes a subset for all fonts that use a font program. Throws a `FontError` if the program is not understood. */
export function subsetProgram(file: PdfFile, bytes: Buffer, fonts: readonly ShownFont[]): ProgramSubset | Kept {
  if (TYPE1_STARTS.includes(bytes[0])) return subsetType1Program(file, bytes, fonts);
  if (bytes[0] === CFF_VERSION) return subsetCffProgram(file, bytes, fonts);
  const { tables } = readSfntTables(bytes);
  if (tables.has('glyf')) return subsetTrueTypeProgram(file, bytes, fonts);
  return subsetOpenTypeProgram(file, bytes, fonts);
}
