import type { Rgb } from '../images/pages/image-document.js';

/** The basic colour keywords of CSS (CSS Color Module Level 4, 6.1). */
const NAMES: Readonly<Record<string, string>> = {
  aqua: '#00ffff',
  black: '#000000',
  blue: '#0000ff',
  fuchsia: '#ff00ff',
  gray: '#808080',
  green: '#008000',
  lime: '#00ff00',
  maroon: '#800000',
  navy: '#000080',
  olive: '#808000',
  purple: '#800080',
  red: '#ff0000',
  silver: '#c0c0c0',
  teal: '#008080',
  white: '#ffffff',
  yellow: '#ffff00',
};

/** Returns a CSS colour as "#rrggbb". Reads "#rgb" and "#rrggbb", also without the "#", and the 16 basic keywords. */
export function normalizeColor(text: string): string | undefined {
  const color = text.toLowerCase();
  if (Object.hasOwn(NAMES, color)) return NAMES[color];
  const digits = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/.exec(color)?.[1];
  if (digits === undefined) return undefined;
  return digits.length === 6 ? `#${digits}` : `#${digits.replaceAll(/./g, '$&$&')}`;
}

/** Returns the components of a colour in the form "#rrggbb". */
export function parseColor(color: string): Rgb {
  const bytes = Buffer.from(color.slice(1), 'hex');
  return [bytes[0] ?? 0, bytes[1] ?? 0, bytes[2] ?? 0];
}
