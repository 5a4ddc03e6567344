import type { Fit, FixedPage, Margins, PageLayout, Size } from '../images/pages/layout.js';
import { pageSizeName, parseMargins, parsePageSize, splitLengths } from './lengths.js';

export const ORIENTATIONS = ['auto', 'portrait', 'landscape'] as const;

/** Shortest and longest side of a page, longest margin, and shortest side of the area within the margins, in points. */
export const MIN_SIDE = 3;
export const MAX_SIDE = 1_000_000;
export const MAX_MARGIN = 14_400;
const MIN_AREA = 1;

/** The parameters that place images, with valid values. */
export interface LayoutParams {
  readonly page_size: string;
  readonly orientation: (typeof ORIENTATIONS)[number];
  readonly margin: string;
  readonly fit: Fit;
  readonly dpi: string;
}

/** Returns the layout that the parameters describe. */
export function readLayout({ page_size, orientation, margin, fit, dpi }: LayoutParams): PageLayout {
  const size = parsePageSize(page_size);
  const margins = parseMargins(margin) ?? { top: 0, right: 0, bottom: 0, left: 0 };
  return {
    page: size ? fixPage(page_size, size, orientation) : 'auto',
    margins,
    fit,
    dpi: dpi === 'auto' ? undefined : Number(dpi),
  };
}

/** A named size turns with each image. Sides that are given in numbers stay as they are. */
function fixPage(text: string, { width, height }: Size, orientation: LayoutParams['orientation']): FixedPage {
  const [short, long] = width < height ? [width, height] : [height, width];
  switch (orientation) {
    case 'auto':
      return { width, height, turns: pageSizeName(text) !== undefined };
    case 'portrait':
      return { width: short, height: long, turns: false };
    case 'landscape':
      return { width: long, height: short, turns: false };
  }
}

/** Returns what is wrong with margins that leave no space on the page, in words that follow the name of the parameter. */
export function marginProblem(params: LayoutParams): string | undefined {
  const { page, margins } = readLayout(params);
  if (page === 'auto' || leavesSpace(page, margins)) return undefined;
  const sides = `${page.width} x ${page.height} points`;
  return `leaves no space for the image on a page of ${sides}. Reduce it, or choose a larger page_size`;
}

function leavesSpace({ width, height, turns }: FixedPage, margins: Margins): boolean {
  const fits = (across: number, along: number): boolean =>
    across - margins.left - margins.right >= MIN_AREA && along - margins.top - margins.bottom >= MIN_AREA;
  return fits(width, height) && (!turns || fits(height, width));
}

/** Returns the usual spelling of a page size. Undefined if it is invalid. */
export function normalizePageSize(text: string): string | undefined {
  if (text.toLowerCase() === 'auto') return 'auto';
  const size = parsePageSize(text);
  if (!size || Math.min(size.width, size.height) < MIN_SIDE || Math.max(size.width, size.height) > MAX_SIDE)
    return undefined;
  return pageSizeName(text) ?? text.toLowerCase().replaceAll(' ', '').replace('×', 'x');
}

/** Returns margins separated by single spaces. Undefined if they are invalid. */
export function normalizeMargins(text: string): string | undefined {
  const margins = parseMargins(text);
  if (!margins || Object.values(margins).some((points: number) => points > MAX_MARGIN)) return undefined;
  return splitLengths(text.toLowerCase()).join(' ');
}
