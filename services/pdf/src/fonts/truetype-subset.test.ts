import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { readFont } from '@pdf-tools/harness/documents/font-reader';
import { readCmap } from './cmap.js';
import { FontError } from './font-error.js';
import { readPostNames } from './post-names.js';
import { readSfntTables, writeSfnt } from './sfnt.js';
import { selectSimpleGlyphs } from './simple-truetype.js';
import { isSameTrueType } from './truetype-check.js';
import { subsetTrueType } from './truetype-subset.js';

const dejavu = readFileSync(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'));
const { version, tables } = readSfntTables(dejavu);
const unicode = readCmap(tables.get('cmap') ?? new Uint8Array())[0]?.glyphs ?? new Map<number, number>();
const glyphOf = (character: string): number => unicode.get(character.codePointAt(0) ?? 0) ?? 0;

/** The font with some tables replaced. */
function changed(replaced: Readonly<Record<string, Uint8Array>>): Uint8Array {
  return writeSfnt({ version, tables: new Map([...tables, ...Object.entries(replaced)]) });
}

function subset(text: string, font: Uint8Array = dejavu) {
  const codes = [...Buffer.from(text, 'latin1')].map((code) => ({ code, name: undefined }));
  const selection = selectSimpleGlyphs(font, codes);
  const made = subsetTrueType(font, selection);
  const isSame = isSameTrueType(font, made.bytes, { glyphs: made.glyphs, selected: selection.glyphs, codes });
  return { ...made, isSame };
}

describe('subsetTrueType', () => {
  it('keeps the outlines and widths of the glyphs in use, as fontkit reads them, and empties the others', () => {
    const { bytes, isSame } = subset('Aé');
    const [before, after] = [readFont(dejavu), readFont(bytes)];
    for (const glyph of [0, glyphOf('A'), glyphOf('é')]) {
      expect(after.outline(glyph)).toEqual(before.outline(glyph));
      expect(after.advance(glyph)).toBe(before.advance(glyph));
    }
    expect(after.outline(glyphOf('B'))).toEqual([]);
    expect(isSame).toBe(true);
    expect(deflateSync(bytes).length).toBeLessThan(deflateSync(dejavu).length / 20);
  });

  it('keeps the parts of composite glyphs', () => {
    const { glyphs } = subset('é');
    expect(glyphs.has(glyphOf('e'))).toBe(true);
  });

  it('keeps the entries of character maps and the names that lead to the glyphs', () => {
    const { tables: kept } = readSfntTables(subset('A').bytes);
    const subtables = readCmap(kept.get('cmap') ?? new Uint8Array());
    expect(subtables.map(({ platform, encoding }) => [platform, encoding])).toEqual(
      readCmap(tables.get('cmap') ?? new Uint8Array()).map(({ platform, encoding }) => [platform, encoding]),
    );
    for (const { glyphs } of subtables) expect(glyphs).toEqual(new Map([[0x41, glyphOf('A')]]));
    const names = readPostNames(kept.get('post') ?? new Uint8Array());
    expect([names?.[glyphOf('A')], names?.[glyphOf('B')]]).toEqual(['A', '.notdef']);
  });

  it('finds glyphs by the names of an encoding, and by the index in a name', () => {
    const selected = (name: string) => selectSimpleGlyphs(dejavu, [{ code: 1, name }]).glyphs;
    expect(selected('Aogonek')).toContain(glyphOf('Ą'));
    expect(selected('uni0104')).toContain(glyphOf('Ą'));
    expect(selected('glyph77')).toContain(77);
  });

  it('keeps a table "post" with more glyphs than the font', () => {
    const post = Buffer.from(tables.get('post') ?? []);
    post.writeUInt16BE(post.readUInt16BE(32) + 1, 32);
    const font = changed({ post: Buffer.concat([post.subarray(0, 34), Buffer.alloc(2), post.subarray(34)]) });
    const { tables: kept } = readSfntTables(subset('A', font).bytes);
    expect(kept.get('post')).toEqual(readSfntTables(font).tables.get('post'));
  });

  it('refuses a font whose "loca" is not sorted at a glyph in use', () => {
    const loca = Buffer.from(tables.get('loca') ?? []);
    loca.writeUInt32BE(loca.readUInt32BE(4 * glyphOf('A') + 4) + 4, 4 * glyphOf('A'));
    expect(() => subset('A', changed({ loca }))).toThrow(FontError);
    expect(subset('C', changed({ loca })).isSame).toBe(true);
  });

  it('refuses a font whose character maps together have too many codes', () => {
    const group = Buffer.alloc(28);
    group.writeUInt16BE(12);
    for (const [offset, value] of [
      [4, 28],
      [12, 1],
      [20, 300_000],
      [24, 1],
    ] as const)
      group.writeUInt32BE(value, offset);
    const record = (offset: number) => [0, 3, 0, 10, 0, 0, 0, offset];
    const once = Buffer.concat([Buffer.from([0, 0, 0, 1, ...record(12)]), group]);
    const twice = Buffer.concat([Buffer.from([0, 0, 0, 2, ...record(20), ...record(20)]), group]);
    expect(subset('A', changed({ cmap: once })).isSame).toBe(true);
    expect(() => subset('A', changed({ cmap: twice }))).toThrow(FontError);
  });

  it('refuses a font without glyphs and a character map that is not understood', () => {
    const cmap = Buffer.from([0, 0, 0, 1, 0, 3, 0, 1, 0, 0, 0, 12, 0, 99]);
    expect(() => subset('A', changed({ cmap }))).toThrow(FontError);
    expect(() =>
      subsetTrueType(Buffer.from('no font'), { glyphs: new Set(), cmap: undefined, post: undefined }),
    ).toThrow(FontError);
  });
});

describe('isSameTrueType', () => {
  const { bytes } = subset('AB');
  const glyphs = new Set([glyphOf('A')]);
  const compare = (subsetBytes: Uint8Array) =>
    isSameTrueType(dejavu, subsetBytes, { glyphs, selected: glyphs, codes: [{ code: 0x41, name: undefined }] });

  it.each(['hmtx', 'glyf', 'cmap', 'post'])('finds a glyph that differs in the table "%s"', (tag) => {
    expect(compare(bytes)).toBe(true);
    const { tables: kept } = readSfntTables(bytes);
    const other = readSfntTables(subset('BC').bytes).tables;
    const replaced = new Map(kept).set(tag, other.get(tag) ?? new Uint8Array());
    if (tag === 'glyf') replaced.set('loca', other.get('loca') ?? new Uint8Array());
    expect(compare(writeSfnt({ version, tables: replaced }))).toBe(false);
  });
});
