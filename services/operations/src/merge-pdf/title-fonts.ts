import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { StandardFonts } from 'pdf-lib';
import type { PDFDocument, PDFFont } from 'pdf-lib';

/** A font and its characters. */
export interface TitleFont {
  readonly font: PDFFont;
  readonly has: (character: string) => boolean;
}

/**
 * The free font of moderate size with the most scripts: Latin for all of Europe, Cyrillic, Greek, Hebrew, Arabic and
 * more.
 * scripts/bundle.mjs finds the file by this call.
 */
const wideFont = (): string => createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');

/**
 * Embeds the fonts that the titles need and returns the font of each title: Helvetica, which every reader has, if it
 * has all characters, else a subset of DejaVu Sans.
 */
export async function embedTitleFonts(
  document: PDFDocument,
  titles: readonly string[],
): Promise<(title: string) => TitleFont> {
  const plain = titleFont(await document.embedFont(StandardFonts.Helvetica));
  const isPlain = (title: string): boolean => Array.from(title).every((character) => plain.has(character));
  if (titles.every(isPlain)) return () => plain;
  document.registerFontkit((await import('@pdf-lib/fontkit')).default);
  const bytes = await readFile(wideFont());
  const wide = titleFont(await document.embedFont(bytes, { subset: true }));
  return (title) => (isPlain(title) ? plain : wide);
}

function titleFont(font: PDFFont): TitleFont {
  const characters = new Set(font.getCharacterSet());
  return { font, has: (character) => characters.has(character.codePointAt(0) ?? 0) };
}
