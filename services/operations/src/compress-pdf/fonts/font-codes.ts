import { BASE_ENCODINGS, PdfDict, PdfName, PdfStream, isInteger } from '@pdf-tools/pdf';
import type { FontUse, PdfFile, SimpleCode } from '@pdf-tools/pdf';
import { decodeFont } from './decode-font.js';
import type { ShownFont } from './subset-program.js';

/** The codes of all simple fonts among these fonts. */
export function codesOfFonts(file: PdfFile, fonts: readonly ShownFont[]): SimpleCode[] {
  const codes = new Map<string, SimpleCode>();
  for (const { cidFont, dict, use } of fonts) {
    if (cidFont || !use) continue;
    for (const code of simpleCodes(file, dict, use)) codes.set(`${code.code} ${code.name ?? ''}`, code);
  }
  return [...codes.values()];
}

/** The codes that a simple font shows, with the names that its /Encoding gives them (ISO 32000-2, 9.6.5). */
function simpleCodes(file: PdfFile, font: PdfDict, use: FontUse): SimpleCode[] {
  const names = encodingNames(file, font);
  return [...(use.codes.get(1) ?? [])].map((code) => ({ code, name: names.get(code) }));
}

function encodingNames(file: PdfFile, font: PdfDict): Map<number, string> {
  const encoding = file.resolve(font.get('Encoding'));
  const base = encoding instanceof PdfDict ? file.resolve(encoding.get('BaseEncoding')) : encoding;
  const names = new Map(base instanceof PdfName ? baseEncoding(base.value) : []);
  const differences = encoding instanceof PdfDict ? file.resolve(encoding.get('Differences')) : null;
  let code = 0;
  for (const item of Array.isArray(differences) ? differences : []) {
    const value = file.resolve(item);
    if (isInteger(value)) code = value;
    else if (value instanceof PdfName) names.set(code++, value.value);
  }
  return names;
}

function baseEncoding(name: string): ReadonlyMap<number, string> {
  return Object.entries(BASE_ENCODINGS).find(([known]) => known === name)?.[1] ?? new Map<number, string>();
}

/** The CIDs that a composite font shows. */
export function shownCids({ cmap, codes }: FontUse): Set<number> {
  const cids = new Set<number>();
  for (const [length, all] of codes) {
    for (const code of all) for (const cid of cmap?.cidsOf(code, length) ?? []) cids.add(cid);
  }
  return cids;
}

/** The glyphs of CIDs in a CIDFont with TrueType outlines (9.7.4.3). Undefined if /CIDToGIDMap is not understood. */
export function glyphsOfCids(file: PdfFile, cidFont: PdfDict, cids: Iterable<number>): Set<number> | undefined {
  const map = file.resolve(cidFont.get('CIDToGIDMap'));
  if (map === null || (map instanceof PdfName && map.value === 'Identity')) return new Set(cids);
  const bytes = map instanceof PdfStream ? decodeFont(file, map) : undefined;
  if (!bytes) return undefined;
  const glyphs = new Set<number>();
  for (const cid of cids) if (2 * cid + 1 < bytes.length) glyphs.add(bytes.readUInt16BE(2 * cid));
  return glyphs;
}
