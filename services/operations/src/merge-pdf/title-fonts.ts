import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { readSfntTables, writeSfnt } from '@pdf-tools/pdf';
import { StandardFonts } from 'pdf-lib';
import type { PDFDocument, PDFFont } from 'pdf-lib';

/** A part of a title with its font. */
export interface TitleRun {
  readonly font: PDFFont;
  readonly text: string;
}

/** Divides text into runs. Characters that no font has become `?`. */
export type DivideText = (text: string) => TitleRun[];

interface TitleFont {
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
 * Fonts for Chinese, Japanese and Korean. The image of the worker has the first one (Debian package
 * fonts-wqy-microhei). On other machines the first one that exists is used.
 */
const EAST_ASIAN_FONTS: readonly string[] = [
  '/usr/share/fonts/truetype/wqy/wqy-microhei.ttc',
  '/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf',
];

/**
 * Embeds the fonts that the titles need. Returns how the text of each title is divided: Helvetica, which every reader
 * has, if it has all characters of the title, else subsets of DejaVu Sans and of a font for East Asian characters.
 */
export async function embedTitleFonts(
  document: PDFDocument,
  titles: readonly string[],
  eastAsianFonts = EAST_ASIAN_FONTS,
): Promise<(title: string) => DivideText> {
  const plain = titleFont(await document.embedFont(StandardFonts.Helvetica));
  const isPlain = (title: string): boolean => hasAll(plain, title);
  if (titles.every(isPlain)) return () => divideBy([plain]);
  document.registerFontkit((await import('@pdf-lib/fontkit')).default);
  const wide = titleFont(await document.embedFont(await readFile(wideFont()), { subset: true }));
  const needsMore = titles.some((title) => !isPlain(title) && !hasAll(wide, title));
  const bytes = needsMore ? await readFirst(eastAsianFonts) : undefined;
  const others = bytes ? [titleFont(await document.embedFont(bytes, { subset: true }))] : [];
  return (title) => divideBy(isPlain(title) ? [plain] : [wide, ...others]);
}

/** Returns the first font that exists, or undefined. Of a collection that is its first font. */
async function readFirst(paths: readonly string[]): Promise<Uint8Array | undefined> {
  for (const path of paths) {
    try {
      return writeSfnt(readSfntTables(await readFile(path)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return undefined;
}

function titleFont(font: PDFFont): TitleFont {
  const characters = new Set(font.getCharacterSet());
  return { font, has: (character) => characters.has(character.codePointAt(0) ?? 0) };
}

function hasAll({ has }: TitleFont, text: string): boolean {
  return Array.from(text).every(has);
}

/** Each character has the first font that contains it. */
function divideBy([first, ...others]: readonly [TitleFont, ...TitleFont[]]): DivideText {
  return (text) => {
    const runs: { readonly font: PDFFont; text: string }[] = [];
    for (const character of text) {
      const fitting = [first, ...others].find(({ has }) => has(character));
      const { font } = fitting ?? first;
      const shown = fitting ? character : '?';
      const last = runs.at(-1);
      if (last?.font === font) last.text += shown;
      else runs.push({ font, text: shown });
    }
    return runs;
  };
}
