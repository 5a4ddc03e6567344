import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '@pdf-tools/harness/documents/random';
import { readCmap } from './cmap.js';
import { FontError } from './font-error.js';
import { readPostNames } from './post-names.js';
import { TRUETYPE_VERSION, readSfntTables, writeSfnt } from './sfnt.js';

const dejavu = readFileSync(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'));
const { tables } = readSfntTables(dejavu);

function table(tag: string): Uint8Array {
  return tables.get(tag) ?? new Uint8Array();
}

function words(...values: number[]): number[] {
  return values.flatMap((value) => [(value >> 8) & 0xff, value & 0xff]);
}

/** A table `cmap` with one subtable. */
function cmap(...subtable: number[]): Uint8Array {
  return Uint8Array.from([...words(0, 1, 3, 1, 0, 12), ...subtable]);
}

describe('writeSfnt', () => {
  it('writes the tables that readSfntTables reads, sorted by tag', () => {
    const reversed = new Map([...tables].reverse());
    const read = readSfntTables(writeSfnt({ version: TRUETYPE_VERSION, tables: reversed }));
    expect([...read.tables.keys()]).toEqual([...tables.keys()].sort());
    for (const [tag, data] of tables)
      if (tag !== 'head') expect(Buffer.from(data).equals(read.tables.get(tag) ?? Buffer.alloc(0))).toBe(true);
  });

  it('adjusts the checksum of the whole file', () => {
    const written = writeSfnt({ version: TRUETYPE_VERSION, tables });
    const view = new DataView(written.buffer);
    let sum = 0;
    for (let at = 0; at < written.length; at += 4) sum = (sum + view.getUint32(at)) >>> 0;
    expect(sum).toBe(0xb1b0afba);
  });

  it('writes the header and checksums of DejaVu Sans as its maker did', () => {
    const written = Buffer.from(writeSfnt({ version: TRUETYPE_VERSION, tables }));
    const entry = (file: Buffer, tag: string): string =>
      file.toString('hex', file.indexOf(tag) + 4, file.indexOf(tag) + 8);
    expect(written.toString('hex', 0, 12)).toBe(dejavu.toString('hex', 0, 12));
    for (const tag of ['glyf', 'loca', 'head', 'cmap']) expect(entry(written, tag)).toBe(entry(dejavu, tag));
  });
});

describe('readSfntTables', () => {
  it('ends a table that is cut off with the file and leaves out a table outside of it', () => {
    const file = writeSfnt({
      version: TRUETYPE_VERSION,
      tables: new Map([
        ['aaaa', new Uint8Array(4)],
        ['bbbb', new Uint8Array(8)],
        ['cccc', new Uint8Array(8)],
      ]),
    });
    const read = readSfntTables(file.subarray(0, file.length - 10));
    expect([...read.tables].map(([tag, data]) => [tag, data.length])).toEqual([
      ['aaaa', 4],
      ['bbbb', 6],
    ]);
  });

  it('reads the first font of a collection', () => {
    const directory = [...words(1, 0, 1, 16, 0, 0), 0x61, 0x62, 0x63, 0x64, ...words(0, 0, 0, 48, 0, 3)];
    const collection = [0x74, 0x74, 0x63, 0x66, ...words(1, 0, 0, 1, 0, 20, 0, 0), ...directory, 7, 8, 9];
    const read = readSfntTables(Uint8Array.from(collection));
    expect(read.version).toBe(TRUETYPE_VERSION);
    expect([...read.tables]).toEqual([['abcd', Uint8Array.of(7, 8, 9)]]);
    expect(() => readSfntTables(Uint8Array.from(collection.slice(0, 22)))).toThrow(FontError);
  });

  it('rejects bytes that are no such font', () => {
    expect(() => readSfntTables(Buffer.from('%!PS-AdobeFont-1.0'))).toThrow(FontError);
    expect(() => readSfntTables(new Uint8Array(3))).toThrow(new FontError('is cut off'));
  });
});

describe('readCmap', () => {
  it('maps letters to the glyphs with their names in DejaVu Sans', () => {
    const names = readPostNames(table('post'));
    const subtables = readCmap(table('cmap'));
    expect(subtables.map(({ platform, encoding, format }) => [platform, encoding, format])).toEqual([
      [0, 3, 4],
      [0, 10, 12],
      [1, 0, 6],
      [3, 1, 4],
      [3, 10, 12],
    ]);
    for (const { glyphs } of subtables) {
      expect(names?.[glyphs?.get(0x41) ?? 0]).toBe('A');
      expect(names?.[glyphs?.get(0x7e) ?? 0]).toBe('asciitilde');
    }
    expect(subtables[1]?.glyphs?.size).toBeGreaterThan(5000);
  });

  it.each([
    ['0', [...words(0, 262, 0), ...Array<number>(65).fill(0), 7], [[65, 7]]],
    [
      '6',
      words(6, 14, 0, 65, 2, 7, 8),
      [
        [65, 7],
        [66, 8],
      ],
    ],
    ['4 with glyph ids', words(4, 0, 0, 4, 0, 0, 0, 66, 0xffff, 0, 65, 0xffff, 1, 1, 4, 0, 7, 0), [[65, 8]]],
    [
      '4 with deltas',
      words(4, 0, 0, 4, 0, 0, 0, 66, 0xffff, 0, 65, 0xffff, -60, 1, 0, 0),
      [
        [65, 5],
        [66, 6],
      ],
    ],
    [
      '12',
      words(12, 0, 0, 28, 0, 0, 0, 1, 1, 0xf600, 1, 0xf601, 0, 3),
      [
        [0x1f600, 3],
        [0x1f601, 4],
      ],
    ],
    [
      '2',
      // Byte 0x41 is a code. Byte 0x81 starts the codes 0x8140 and 0x8141.
      words(
        2,
        0,
        0,
        ...Array.from({ length: 256 }, (_, high) => (high === 0x81 ? 8 : 0)),
        0x41,
        1,
        0,
        10,
        0x40,
        2,
        1,
        4,
        5,
        6,
        7,
      ),
      [
        [0x41, 5],
        [0x8140, 7],
        [0x8141, 8],
      ],
    ],
  ])('reads format %s', (_format, subtable, glyphs) => {
    expect([...(readCmap(cmap(...subtable))[0]?.glyphs ?? [])]).toEqual(glyphs);
  });

  it('does not understand other formats and subtables that are too large', () => {
    const everything = words(12, 0, 0, 28, 0, 0, 0, 1, 0, 0, 0xffff, 0xffff, 0, 1);
    expect(readCmap(cmap(...words(14, 0)))).toEqual([{ platform: 3, encoding: 1, format: 14, glyphs: undefined }]);
    expect(readCmap(cmap(...everything))[0]?.glyphs).toBeUndefined();
  });

  it('throws only a FontError for damaged tables', () => {
    const random = new SeededRandom(4);
    const original = cmap(...words(4, 0, 0, 4, 0, 0, 0, 66, 0xffff, 0, 65, 0xffff, 1, 1, 4, 0, 7, 0));
    const errors = new Set<string>();
    for (let count = 0; count < 500; count++) {
      const bytes = original.slice(0, count % 2 === 0 ? random.below(original.length) : original.length);
      bytes[random.below(bytes.length + 1)] = random.below(256);
      try {
        readCmap(bytes);
      } catch (error) {
        errors.add((error as Error).name);
      }
    }
    expect([...errors]).toEqual(['FontError']);
  });
});

describe('readPostNames', () => {
  it('reads standard names and names of the font', () => {
    const names = [...words(2, 0), ...Array<number>(28).fill(0), ...words(3, 0, 259, 258), 1, 0x78, 2, 0x79, 0x7a];
    expect(readPostNames(Uint8Array.from(names))).toEqual(['.notdef', 'yz', 'x']);
  });

  it('returns all standard names for version 1 and none for version 3', () => {
    expect(readPostNames(Uint8Array.from(words(1, 0)))).toHaveLength(258);
    expect(readPostNames(Uint8Array.from(words(3, 0)))).toBeUndefined();
  });

  it('rejects other versions', () => {
    expect(() => readPostNames(Uint8Array.from(words(4, 0)))).toThrow(FontError);
  });
});
