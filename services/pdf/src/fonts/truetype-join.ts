import { FontBytes } from './font-bytes.js';
import { FontError } from './font-error.js';
import { spendFontWork } from './font-work.js';
import { haveSameGlyphs } from './same-glyphs.js';
import { readSfntTables, writeSfnt } from './sfnt.js';
import type { SfntTables } from './sfnt.js';
import { readTrueTypeOutlines } from './truetype-outlines.js';
import type { TrueTypeOutlines } from './truetype-outlines.js';
import { glyphData, glyphSourceOf, requiredTables, writeGlyphs } from './truetype-tables.js';
import type { GlyphSource, RequiredTables } from './truetype-tables.js';

/** Tables that all glyphs share. */
const SHARED_TABLES = ['cvt ', 'fpgm', 'prep'] as const;
/** Offsets of flags, the end of unitsPerEm and the bounding box in `head`. */
const [FLAGS_AT, UNITS_END, BOX_AT, BOX_END] = [16, 20, 36, 44] as const;
/** Offsets of the ascender, the end of the line gap and the number of metrics in `hhea`. */
const [LINE_AT, LINE_END, METRICS_COUNT_AT] = [4, 10, 34] as const;
/** Offsets of the number of glyphs and of the first maximum of glyphs in `maxp`. */
const [GLYPH_COUNT_AT, MAXIMA_AT] = [4, 6] as const;
const METRIC_BYTES = 4;

/** A subset of a font, and the glyphs of it that a document shows. Some of them may be empty, such as a space. */
export interface ShownTrueType {
  readonly bytes: Uint8Array;
  readonly shown: ReadonlySet<number>;
}

/** A subset to join. */
interface Member extends GlyphSource {
  readonly shown: ReadonlySet<number>;
  readonly font: SfntTables;
  readonly required: RequiredTables;
  readonly outlines: TrueTypeOutlines;
}

interface JoinedGlyph {
  readonly data: Uint8Array;
  readonly advance: number;
  readonly leftSideBearing: number;
}

const NO_GLYPH: JoinedGlyph = { data: new Uint8Array(0), advance: 0, leftSideBearing: 0 };

/**
 * Joins subsets of one TrueType font whose glyphs have the indexes of that font. The result has the glyphs of all
 * subsets, but no character maps and glyph names. Throws a `FontError` if the subsets may be of different fonts, because
 * their instructions, units or line heights differ, or because they have different glyphs at an index. A glyph that one of
 * them shows as empty stays empty.
 */
export function joinTrueType(programs: readonly ShownTrueType[]): Uint8Array {
  const members = programs.map(readMember);
  const [first] = members;
  if (!first) throw new FontError('has no subsets');
  for (const member of members) checkOfOneFont(first, member);
  const glyphCount = Math.max(...members.map((member) => member.glyphCount));
  spendFontWork(glyphCount * members.length);
  const glyphs = Array.from({ length: glyphCount }, (_, glyph) => joinedGlyph(members, glyph));
  const joined = write(first, members, glyphs);
  const outlines = readTrueTypeOutlines(joined);
  for (const member of members)
    if (!haveSameGlyphs(member.outlines, outlines, glyphsOf(member)))
      throw new FontError('has glyphs that change when they are joined');
  return joined;
}

function readMember({ bytes, shown }: ShownTrueType): Member {
  const font = readSfntTables(bytes);
  const required = requiredTables(font);
  return { font, required, shown, ...glyphSourceOf(required), outlines: readTrueTypeOutlines(bytes) };
}

function checkOfOneFont(one: Member, other: Member): void {
  const parts = ({ font, required: { head, hhea, maxp } }: Member): (Uint8Array | undefined)[] => [
    ...SHARED_TABLES.map((tag) => font.tables.get(tag)),
    head.subarray(FLAGS_AT, UNITS_END),
    hhea.subarray(LINE_AT, LINE_END),
    maxp.subarray(0, GLYPH_COUNT_AT),
  ];
  const others = parts(other);
  const isSame = parts(one).every((part, index) => sameBytes(part, others[index]));
  if (!isSame || one.font.version !== other.font.version) throw new FontError('is of another font');
}

function sameBytes(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return one === undefined || other === undefined ? one === other : Buffer.compare(one, other) === 0;
}

/**
 * The glyph that the subsets have at an index. Subsets empty the glyphs that they do not have, and may set their widths to
 * zero. Throws a `FontError` if they have different glyphs.
 */
function joinedGlyph(members: readonly Member[], glyph: number): JoinedGlyph {
  const all = members.filter(({ glyphCount }) => glyph < glyphCount).map((member) => glyphOf(member, glyph));
  const drawn = all.filter(({ data }) => data.length > 0);
  const [first, ...others] = drawn.length > 0 ? drawn : all.filter(({ advance }) => advance > 0);
  if (!first) return NO_GLYPH;
  const isSame = others.every((other) => isSameGlyph(other, first));
  if (!isSame) throw new FontError(`has different glyphs ${glyph}`);
  return first;
}

function glyphOf(member: Member, glyph: number): JoinedGlyph {
  const { advance, leftSideBearing } = member.outlines;
  return { data: glyphData(member, glyph), advance: advance(glyph) ?? 0, leftSideBearing: leftSideBearing(glyph) ?? 0 };
}

function isSameGlyph(one: JoinedGlyph, other: JoinedGlyph): boolean {
  const hasSameMetrics = one.advance === other.advance && one.leftSideBearing === other.leftSideBearing;
  return hasSameMetrics && samePadded(one.data, other.data);
}

/** Whether data are equal up to zeros at the end, which align the next glyph. */
function samePadded(one: Uint8Array, other: Uint8Array): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  return sameBytes(short, long.subarray(0, short.length)) && long.subarray(short.length).every((byte) => byte === 0);
}

/** The glyphs of a subset that have an outline or that a document shows. */
function glyphsOf(member: Member): number[] {
  const all = Array.from({ length: member.glyphCount }, (_, glyph) => glyph);
  return all.filter((glyph) => member.shown.has(glyph) || glyphData(member, glyph).length > 0);
}

function write(first: Member, members: readonly Member[], glyphs: readonly JoinedGlyph[]): Uint8Array {
  const { font, required } = first;
  const { head, glyf, loca } = writeGlyphs(required.head, glyphs.length, (glyph) => glyphs[glyph]?.data);
  const tables = new Map<string, Uint8Array>([...SHARED_TABLES].flatMap((tag) => entry(tag, font.tables.get(tag))));
  tables.set('head', joinBoxes(head, members)).set('glyf', glyf).set('loca', loca);
  tables.set('maxp', joinMaxima(members, glyphs.length));
  const hhea = Uint8Array.from(required.hhea);
  new DataView(hhea.buffer).setUint16(METRICS_COUNT_AT, glyphs.length);
  tables.set('hhea', hhea).set('hmtx', metricsOf(glyphs));
  for (const [tag, data] of entry('OS/2', font.tables.get('OS/2'))) tables.set(tag, data);
  return writeSfnt({ version: font.version, tables });
}

function entry(tag: string, data: Uint8Array | undefined): [string, Uint8Array][] {
  return data ? [[tag, data]] : [];
}

/** `head` with the box around the glyphs of all subsets. */
function joinBoxes(head: Uint8Array, members: readonly Member[]): Uint8Array {
  const joined = Uint8Array.from(head);
  const view = new DataView(joined.buffer);
  for (let at: number = BOX_AT; at < BOX_END; at += 2) {
    const values = members.map(({ required }) => new FontBytes(required.head, at).int16());
    view.setInt16(at, at < BOX_AT + 4 ? Math.min(...values) : Math.max(...values));
  }
  return joined;
}

/** `maxp` with the largest of each maximum. */
function joinMaxima(members: readonly Member[], glyphCount: number): Uint8Array {
  const tables = members.map(({ required }) => required.maxp);
  const joined = Uint8Array.from(tables[0] ?? new Uint8Array(0));
  const view = new DataView(joined.buffer);
  view.setUint16(GLYPH_COUNT_AT, glyphCount);
  for (let at: number = MAXIMA_AT; at + 2 <= joined.length; at += 2)
    view.setUint16(
      at,
      Math.max(...tables.map((maxp) => (at + 2 <= maxp.length ? new FontBytes(maxp, at).uint16() : 0))),
    );
  return joined;
}

function metricsOf(glyphs: readonly JoinedGlyph[]): Uint8Array {
  const bytes = new Uint8Array(METRIC_BYTES * glyphs.length);
  const view = new DataView(bytes.buffer);
  for (const [glyph, { advance, leftSideBearing }] of glyphs.entries()) {
    view.setUint16(METRIC_BYTES * glyph, advance);
    view.setInt16(METRIC_BYTES * glyph + 2, leftSideBearing);
  }
  return bytes;
}
