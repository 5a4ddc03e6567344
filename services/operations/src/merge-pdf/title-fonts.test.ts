import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { PDFDocument } from 'pdf-lib';
import { embedTitleFonts } from './title-fonts.js';

/** A font with characters that DejaVu Sans does not have, as U+210A. It stands for a font of East Asian characters. */
const OTHER_FONT = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuMathTeXGyre.ttf');
const ABSENT_FONT = '/nonexistent/font.ttf';

/** The runs of a title, each as the name of its font and its text. */
async function runsOf(title: string, eastAsianFonts: readonly string[]): Promise<[string, string][]> {
  const divide = await embedTitleFonts(await PDFDocument.create(), [title, 'plain'], eastAsianFonts);
  return divide(title)(title).map(({ font, text }) => [font.name, text]);
}

describe('embedTitleFonts', () => {
  it('takes characters that DejaVu Sans does not have from the first font that exists', async () => {
    expect(await runsOf('Ж \u210a\u210a?', [ABSENT_FONT, OTHER_FONT])).toEqual([
      ['DejaVuSans', 'Ж '],
      ['DejaVuMathTeXGyre-Regular', '\u210a\u210a'],
      ['DejaVuSans', '?'],
    ]);
  });

  it('replaces characters that no font has', async () => {
    expect(await runsOf('Ж\u210a\u5e74', [OTHER_FONT])).toEqual([
      ['DejaVuSans', 'Ж'],
      ['DejaVuMathTeXGyre-Regular', '\u210a'],
      ['DejaVuSans', '?'],
    ]);
    expect(await runsOf('Ж\u210a\u5e74', [ABSENT_FONT])).toEqual([['DejaVuSans', 'Ж??']]);
  });

  it('keeps Helvetica for titles that need no other font', async () => {
    const divide = await embedTitleFonts(await PDFDocument.create(), ['Ж\u210a', 'Résumé'], [OTHER_FONT]);
    expect(divide('Résumé')('Résumé').map(({ font }) => font.name)).toEqual(['Helvetica']);
  });

  it('does not open the fonts if no title needs them', async () => {
    // A folder cannot be read as a font.
    expect(await runsOf('Жук', ['/'])).toEqual([['DejaVuSans', 'Жук']]);
    await expect(runsOf('Ж\u210a', ['/'])).rejects.toThrow('EISDIR');
  });
});
