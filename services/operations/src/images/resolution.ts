/** Pixels per inch along and across the rows. */
export interface Dpi {
  readonly x: number;
  readonly y: number;
}

/** What is assumed where a file says nothing sensible: the resolution of CSS. */
export const DEFAULT_DPI: Dpi = { x: 96, y: 96 };

const MIN_DPI = 30;
const MAX_DPI = 1200;

/** A resolution as a file gives it, rounded to thousandths; undefined outside 30 to 1,200 dpi, which no picture means. */
export function sensibleDpi(x: number, y: number): Dpi | undefined {
  const sensible = (value: number): boolean => value >= MIN_DPI && value <= MAX_DPI;
  return sensible(x) && sensible(y) ? { x: thousandths(x), y: thousandths(y) } : undefined;
}

/** PNG stores whole pixels per metre, so that 300 dpi reads back as 299.9994: within that step it is the whole number. */
export function dpiFromPixelsPerMetre(x: number, y: number): Dpi | undefined {
  const snap = (value: number): number => {
    const whole = Math.round(value);
    return Math.abs(value - whole) < 0.0127 ? whole : value;
  };
  return sensibleDpi(snap(x * 0.0254), snap(y * 0.0254));
}

function thousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}
