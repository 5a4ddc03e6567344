import type { Margins, Size } from '../images/pages/layout.js';

/** Points of 1/72 inch per unit. A pixel is that of CSS, 1/96 inch. */
const UNIT_POINTS = { mm: 72 / 25.4, cm: 72 / 2.54, in: 72, pt: 1, px: 0.75 } as const;

const NUMBER = String.raw`(\d{1,9}(?:\.\d{1,6})?)`;
const UNIT = `(${Object.keys(UNIT_POINTS).join('|')})`;
const LENGTH = new RegExp(`^(?:${NUMBER} *${UNIT}|0)$`, 'i');
const SIZE = new RegExp(`^${NUMBER} *${UNIT}? *[x×] *${NUMBER} *${UNIT}$`, 'i');

/** Width and height of named sizes in portrait of ISO 216 and of North America. */
const NAMED: Readonly<Record<string, string>> = {
  A3: '297x420mm',
  A4: '210x297mm',
  A5: '148x210mm',
  letter: '8.5x11in',
  legal: '8.5x14in',
};
export const PAGE_SIZE_NAMES = Object.keys(NAMED);

/** Parses a length with a unit, such as "10mm", to points. 0 needs no unit. Undefined if it is invalid. */
function parseLength(text: string): number | undefined {
  const match = LENGTH.exec(text);
  return match ? toPoints(match[1] ?? '0', match[2] ?? 'pt') : undefined;
}

/** Parses the sides of a page, such as "100x150mm", "8.5in x 11in" or "A4", to points. Undefined if they are invalid. */
export function parsePageSize(text: string): Size | undefined {
  const name = pageSizeName(text);
  const match = SIZE.exec(name === undefined ? text : (NAMED[name] ?? ''));
  if (!match) return undefined;
  const [, width = '', widthUnit, height = '', heightUnit = ''] = match;
  return { width: toPoints(width, widthUnit ?? heightUnit), height: toPoints(height, heightUnit) };
}

/** Returns the usual spelling of the name of a page size. Undefined for any other text. */
export function pageSizeName(text: string): string | undefined {
  return PAGE_SIZE_NAMES.find((name) => name.toLowerCase() === text.toLowerCase());
}

/** Parses one to four margins in the order of CSS: top, right, bottom, left. Undefined if they are invalid. */
export function parseMargins(text: string): Margins | undefined {
  const lengths = splitLengths(text).map(parseLength);
  const [top, right = top, bottom = top, left = right] = lengths;
  if (lengths.length > 4) return undefined;
  if (top === undefined || right === undefined || bottom === undefined || left === undefined) return undefined;
  return lengths.includes(undefined) ? undefined : { top, right, bottom, left };
}

/** Splits a list of lengths at spaces and commas. A space may also separate a number from its unit. */
export function splitLengths(text: string): string[] {
  return text.replaceAll(/(?<=\d) +(?=[a-z])/gi, '').split(/[ ,]+/);
}

/** Rounds to thousandths of a point, so that sizes are the same in each unit. */
function toPoints(number: string, unit: string): number {
  const points = Object.entries(UNIT_POINTS).find(([name]) => name === unit.toLowerCase())?.[1] ?? 1;
  return Math.round(Number(number) * points * 1000) / 1000;
}
