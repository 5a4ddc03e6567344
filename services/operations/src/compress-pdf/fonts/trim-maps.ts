import { createHash } from 'node:crypto';
import { DecodingBudget, PdfDict, PdfStream, setFilters, trimToUnicode } from '@pdf-tools/pdf';
import type { PdfFile, SourceObjectNumber } from '@pdf-tools/pdf';
import { deflateBest } from '../packing.js';
import type { Changes } from '../changes.js';
import { decodeFont } from './decode-font.js';
import { shownCids } from './font-codes.js';
import type { CodeMap } from './font-finder.js';
import type { WholeFonts } from './whole-fonts.js';

/** A map is replaced only if it saves this many bytes. */
const WORTHWHILE_BYTES = 16;

interface Options {
  readonly whole: WholeFonts;
  readonly changes: Changes;
  readonly signal: AbortSignal;
}

/** Removes the entries of ToUnicode CMaps and CIDToGIDMaps for codes and CIDs that the document does not show. */
export async function trimMaps(
  file: PdfFile,
  maps: ReadonlyMap<SourceObjectNumber, CodeMap>,
  { whole, changes, signal }: Options,
): Promise<void> {
  const budget = new DecodingBudget();
  for (const [stream, group] of groupEqual(file, maps)) {
    signal.throwIfAborted();
    const bytes = decodeFont(file, stream, budget);
    const trimmed = bytes && trim(bytes, group, whole);
    if (!bytes || !trimmed || trimmed.equals(bytes)) continue;
    const [before, after] = [await deflateBest(bytes), await deflateBest(trimmed)];
    if (after.length + WORTHWHILE_BYTES > Math.min(before.length, stream.data.length)) continue;
    for (const { num } of group) changes.replace(num, withData(file, num, after));
  }
}

interface Member {
  readonly num: SourceObjectNumber;
  readonly map: CodeMap;
}

/** Groups equal streams, which are written once. */
function groupEqual(file: PdfFile, maps: ReadonlyMap<SourceObjectNumber, CodeMap>): [PdfStream, Member[]][] {
  const groups = new Map<string, [PdfStream, Member[]]>();
  for (const [num, map] of maps) {
    const stream = file.load(num);
    if (!(stream instanceof PdfStream)) continue;
    const digest = createHash('sha256').update(file.encoded(stream)).digest('base64');
    const group = groups.get(digest);
    if (group) group[1].push({ num, map });
    else groups.set(digest, [stream, [{ num, map }]]);
  }
  return [...groups.values()];
}

function trim(bytes: Buffer, group: readonly Member[], whole: WholeFonts): Buffer | undefined {
  const [key] = group.map(({ map }) => map.key);
  const users = group.flatMap(({ map }) => [...map.users]);
  const isClear = group.every(({ map }) => map.key === key && !map.hasOtherUser);
  if (!isClear || users.some((num) => whole.reasonFor(num) !== undefined)) return undefined;
  const uses = users.flatMap((num) => whole.useOf(num) ?? []);
  if (key === 'CIDToGIDMap') return trimGlyphIndexes(bytes, new Set(uses.flatMap((use) => [...shownCids(use)])));
  return trimToUnicode(bytes, new Set(uses.flatMap(({ codes }) => [...codes.values()].flatMap((all) => [...all]))));
}

/** Glyph indexes of two bytes by CID (ISO 32000-2, table 115). */
function trimGlyphIndexes(bytes: Buffer, cids: ReadonlySet<number>): Buffer {
  const shown = [...cids].filter((cid) => 2 * cid + 1 < bytes.length);
  const last = shown.reduce((highest, cid) => Math.max(highest, cid), 0);
  const trimmed = Buffer.alloc(Math.min(bytes.length, 2 * (last + 1)));
  for (const cid of shown) bytes.copy(trimmed, 2 * cid, 2 * cid, 2 * cid + 2);
  return trimmed;
}

function withData(file: PdfFile, num: SourceObjectNumber, deflated: Buffer): PdfStream {
  const stream = file.load(num);
  const dict = new PdfDict(stream instanceof PdfStream ? stream.dict : undefined);
  setFilters(dict, [{ name: 'FlateDecode', parms: undefined }]);
  return new PdfStream(dict, deflated);
}
