import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { textPdf, textStream } from '@pdf-tools/harness/documents/text-pdf';
import { produce } from '@pdf-tools/harness/documents/workshop';
import { readSfntTables, subsetTrueType, writeSfnt } from '@pdf-tools/pdf';
import operation from '../definition.js';

const FONTS = 9;
const dejavu = readFileSync(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'));
const glyphs = new Set(Array.from({ length: 300 }, (_, at) => at));
const small = subsetTrueType(dejavu, { glyphs, cmap: undefined, post: undefined }).bytes;

/** A font whose character map takes 28 bytes for 390 000 codes. `number` makes fonts different. */
function costlyFont(number: number): Buffer {
  const cmap = Buffer.alloc(40);
  for (const [offset, value] of [
    [2, 1],
    [4, 0x0003_000a],
    [8, 12],
    [12, 0x000c_0000],
    [16, 28],
    [24, 1],
    [32, 390_000],
    [36, 1],
  ] as const)
    if (offset === 2) cmap.writeUInt16BE(value, offset);
    else cmap.writeUInt32BE(value, offset);
  const { version, tables } = readSfntTables(small);
  return Buffer.from(writeSfnt({ version, tables: new Map(tables).set('cmap', cmap).set('name', Buffer.of(number)) }));
}

function pdf(): Buffer {
  const fonts = Array.from({ length: FONTS }, (_, at) => at);
  const objects = fonts.flatMap((at): [number, string][] => [
    [
      100 + at,
      `<< /Type /Font /Subtype /TrueType /BaseFont /DejaVuSans /FontDescriptor ${200 + at} 0 R /Encoding /WinAnsiEncoding >>`,
    ],
    [200 + at, `<< /Type /FontDescriptor /FontName /DejaVuSans /Flags 32 /FontFile2 ${300 + at} 0 R >>`],
    [300 + at, textStream(deflateSync(costlyFont(at)).toString('latin1'), '/Filter /FlateDecode')],
  ]);
  const names = fonts.map((at) => `/F${at} ${100 + at} 0 R`).join(' ');
  return textPdf({
    1: '<< /Type /Catalog /Pages 2 0 R >>',
    2: '<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 100 100] >>',
    3: `<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << ${names} >> >> >>`,
    4: textStream(fonts.map((at) => `/F${at} 9 Tf (A) Tj`).join(' ')),
    ...Object.fromEntries(objects),
  });
}

describe('compress-pdf on fonts that take long', () => {
  it('keeps the fonts after a limit on work, and the same fonts in every run', async () => {
    const bytes = pdf();
    const [first, second] = [
      await produce(operation, [['a.pdf', bytes]]),
      await produce(operation, [['a.pdf', bytes]]),
    ];
    const kept = { action: 'kept', reason: 'the document has too many fonts' };
    expect(first.result.report).toMatchObject({
      fonts: expect.arrayContaining([expect.objectContaining({ action: 'subset' }), expect.objectContaining(kept)]),
    });
    expect(second.result.report).toEqual(first.result.report);
  }, 60_000);
});
