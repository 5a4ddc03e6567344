import { describe, expect, it } from '@jest/globals';
import { form, openText } from '@pdf-tools/harness/documents/drawing-pdf';
import { textStream } from '@pdf-tools/harness/documents/text-pdf';
import { findReachable } from '../copying/reachable.js';
import { readPageTree } from '../document/page-tree.js';
import { sourceNumber } from '../syntax/object-numbers.js';
import { collectFontUses } from './font-uses.js';
import type { FontUses } from './font-uses.js';

/** Objects 20 and 21 are simple fonts with the names F and G, 22 is a composite font with the name C. */
const FONTS = {
  20: '<< /Type /Font /Subtype /TrueType /BaseFont /F >>',
  21: '<< /Type /Font /Subtype /TrueType /BaseFont /G >>',
  22: '<< /Type /Font /Subtype /Type0 /BaseFont /C /Encoding /Identity-H /DescendantFonts [23 0 R] >>',
  23: '<< /Type /Font /Subtype /CIDFontType2 /BaseFont /C >>',
};
const FONT_NAMES = '/Font << /F 20 0 R /G 21 0 R /C 22 0 R >>';

/** A page with this content. `resources` and `entries` come on top. */
function page(content: string, more: Record<number, string> = {}, { resources = '', entries = '' } = {}) {
  return {
    2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    3: `<< /Type /Page /Parent 2 0 R /Contents 4 0 R ${entries} /Resources << ${FONT_NAMES} ${resources} >> >>`,
    4: textStream(content),
    ...FONTS,
    ...more,
  };
}

async function usesOf(objects: Readonly<Record<number, string>>): Promise<FontUses> {
  const file = openText(objects);
  const { numbers } = findReachable(file);
  return collectFontUses(file, readPageTree(file).pages, { signal: new AbortController().signal, numbers });
}

/** The one-byte codes of a font as text. */
function shown({ fonts }: FontUses, num = 20): string {
  const codes = fonts.get(sourceNumber(num))?.codes.get(1) ?? [];
  return String.fromCharCode(...[...codes].sort((one, other) => one - other));
}

describe('collectFontUses', () => {
  it('collects the strings of all operators that show text', async () => {
    const uses = await usesOf(page(`BT /F 9 Tf (a) Tj [(b) -20 <63>] TJ (d) ' 1 2 (e) " ET`));
    expect(shown(uses)).toBe('abcde');
    expect(uses.isComplete).toBe(true);
  });

  it('collects invisible text, and text after the font is restored', async () => {
    const uses = await usesOf(page('/F 9 Tf q /G 9 Tf 3 Tr (x) Tj Q (a) Tj'));
    expect([shown(uses), shown(uses, 21)]).toEqual(['a', 'x']);
  });

  it('splits the strings of a composite font into two-byte codes', async () => {
    const uses = await usesOf(page('/C 9 Tf <00410100> Tj'));
    expect([...(uses.fonts.get(sourceNumber(22))?.codes.get(2) ?? [])]).toEqual([0x41, 0x100]);
  });

  it.each([
    ['a CMap that is not understood', '/UniGB-UCS2-H', '<0041>'],
    ['an incomplete code', '/Identity-H', '<004142>'],
  ])('reports a composite font with %s', async (_, encoding, text) => {
    const font = `<< /Type /Font /Subtype /Type0 /BaseFont /C /Encoding ${encoding} /DescendantFonts [23 0 R] >>`;
    const uses = await usesOf(page(`/C 9 Tf ${text} Tj`, { 22: font }));
    expect(uses.fonts.get(sourceNumber(22))?.isComplete).toBe(false);
  });

  it.each<[string, string, Record<number, string>, { resources?: string; entries?: string }]>([
    ['a form with resources', '/Fm Do', { 10: form('/F 9 Tf (a) Tj', `/Resources << ${FONT_NAMES} >>`) }, {}],
    ['a form without resources', '/Fm Do', { 10: form('/F 9 Tf (a) Tj') }, {}],
    [
      'a form in a form, both without resources',
      '/Fm Do',
      { 10: form('/Inner Do'), 11: form('/F 9 Tf (a) Tj') },
      { resources: '/XObject << /Fm 10 0 R /Inner 11 0 R >>' },
    ],
    [
      'a tiling pattern',
      '/Pattern cs /P scn',
      { 10: textStream('/F 9 Tf (a) Tj', `/PatternType 1 /BBox [0 0 1 1] /Resources << ${FONT_NAMES} >>`) },
      { resources: '/Pattern << /P 10 0 R >>' },
    ],
    [
      'a glyph of a Type 3 font without resources',
      '/T 9 Tf (x) Tj',
      {
        10: textStream('9 0 d0 /F 9 Tf (a) Tj'),
        11: '<< /Type /Font /Subtype /Type3 /CharProcs << /x 10 0 R >> /Encoding << /Differences [120 /x] >> >>',
      },
      { resources: '/Font << /F 20 0 R /T 11 0 R >>' },
    ],
    [
      'the group of a soft mask',
      '/E gs',
      { 10: form('/F 9 Tf (a) Tj', `/Resources << ${FONT_NAMES} >>`) },
      { resources: '/ExtGState << /E << /SMask << /S /Alpha /G 10 0 R >> >> >>' },
    ],
    [
      'a font of graphics state parameters',
      '/E gs (a) Tj',
      {},
      { resources: '/ExtGState << /E << /Font [20 0 R 9] >> >>' },
    ],
    [
      'an appearance without resources',
      '',
      { 10: form('/F 9 Tf (a) Tj') },
      { entries: '/Annots [<< /Subtype /Stamp /Rect [0 0 1 1] /AP << /N 10 0 R >> >>]' },
    ],
    [
      'a form that no page draws',
      '',
      { 10: form('/F 9 Tf (a) Tj', `/Resources << ${FONT_NAMES} >>`) },
      { entries: '/PieceInfo << /X << /Private 10 0 R >> >>' },
    ],
    [
      'a template page',
      '',
      { 10: textStream('/F 9 Tf (a) Tj'), 11: `<< /Type /Page /Contents 10 0 R /Resources << ${FONT_NAMES} >> >>` },
      { entries: '/Template 11 0 R' },
    ],
  ])('collects the text of %s', async (_, content, objects, more) => {
    const uses = await usesOf(page(content, objects, { resources: '/XObject << /Fm 10 0 R >>', ...more }));
    expect(shown(uses)).toBe('a');
    expect(uses).toMatchObject({ isComplete: true, unresolvedNames: new Set() });
  });

  it('reports a font name that the resources do not have, and keeps the font that was set before', async () => {
    const uses = await usesOf(page('/F 9 Tf /Missing 9 Tf (a) Tj'));
    expect(shown(uses)).toBe('a');
    expect(uses.unresolvedNames).toEqual(new Set(['Missing']));
  });

  it.each([
    [
      'a form that inherits the font',
      page('/F 9 Tf /Fm Do', { 10: form('(a) Tj') }, { resources: '/XObject << /Fm 10 0 R >>' }),
    ],
    ['content with an unknown filter', page('', { 4: textStream('x', '/Filter /Unknown') })],
    ['an inline image without an end', page('BI /W 1 /H 1 ID x')],
    ['an operation longer than a megabyte', page(`/F 9 Tf [(a)${' '.repeat(2 ** 21)}] TJ`)],
  ])('is incomplete for %s', async (_, objects) => {
    expect((await usesOf(objects)).isComplete).toBe(false);
  });
});
