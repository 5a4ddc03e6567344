const [PLUS, MINUS, ZERO, NINE] = [0x2b, 0x2d, 0x30, 0x39] as const;

/** A number of a content stream with its shortest token. */
export interface ShortNumber {
  readonly value: number;
  readonly token: string;
}

/** Thrown for content that is not understood. It must stay as it is. */
export class NotUnderstood extends Error {}

/** Maximum displacement of a point by the rounding of one of its coordinates: 1/120 of a pixel at 600 dpi. */
const MAX_SHIFT_POINTS = 0.001;
/** With more decimal places nothing is gained. */
const MAX_DECIMALS = 9;
/** A number with at most two decimal places, as the sides of pages have. */
const PLAIN = /^-?\d*(?:\.\d{1,2})?$/;
/** A diagonal displacement is this much longer than one along an axis. */
const DIAGONAL = Math.SQRT2;

/**
 * Number of decimal places of a coordinate whose unit has this length in points, so that rounding moves nothing by more
 * than the limit. `share` is the part of the limit that may be used up.
 */
export function decimalsFor(points: number, share = 1): number {
  if (!(points > 0 && points < Infinity)) return Infinity;
  return Math.max(0, Math.ceil(Math.log10((DIAGONAL * points) / (2 * share * MAX_SHIFT_POINTS))));
}

/** Reads a number and returns its shortest exact token. Throws `NotUnderstood` for anything else. */
export function exactNumber(token: string): ShortNumber {
  const [first, dot] = [token.charCodeAt(0), token.indexOf('.')];
  const start = first === MINUS || first === PLUS ? 1 : 0;
  checkDigits(token, start, dot);
  let [from, to] = [start, token.length];
  while (token.charCodeAt(from) === ZERO) from++;
  if (dot >= 0) {
    while (token.charCodeAt(to - 1) === ZERO) to--;
    if (to === dot + 1) to = dot;
  }
  if (from >= to) return { value: 0, token: '0' };
  const isShort = from === start && to === token.length && first !== PLUS;
  const short = isShort ? token : (first === MINUS ? '-' : '') + token.slice(from, to);
  return { value: Number(short), token: short };
}

/** Throws `NotUnderstood` unless there are only digits from `start` on, except at `dot`. */
function checkDigits(token: string, start: number, dot: number): void {
  let digits = 0;
  for (let at = start; at < token.length; at++) {
    if (at === dot) continue;
    const code = token.charCodeAt(at);
    if (code < ZERO || code > NINE) throw new NotUnderstood('a malformed number');
    digits += 1;
  }
  if (digits === 0) throw new NotUnderstood('a malformed number');
}

/** Rounds a number to decimal places. Keeps the exact token if it is not longer. */
export function roundedNumber(exact: ShortNumber, decimals: number): ShortNumber {
  const dot = exact.token.indexOf('.');
  if (dot < 0 || exact.token.length - dot - 1 <= decimals) return exact;
  const rounded = roundedValue(exact.value, decimals);
  return rounded && rounded.token.length < exact.token.length ? rounded : exact;
}

/** Rounds a number that becomes neither zero nor negligible, such as the width of a rectangle. */
export function roundedNonzero(exact: ShortNumber, decimals: number): ShortNumber {
  const rounded = roundedNumber(exact, decimals);
  return rounded.value === 0 ? exact : rounded;
}

/**
 * Rounds a coefficient of a matrix. Readers align images to pixels, so a coefficient next to a plain number, which may
 * be the edge of the page, stays exact.
 */
export function roundedCoefficient(exact: ShortNumber, decimals: number): ShortNumber {
  const rounded = roundedNonzero(exact, decimals);
  return PLAIN.test(rounded.token) ? exact : rounded;
}

/** Rounds a value to decimal places. Undefined if that is not useful or not possible. */
export function roundedValue(value: number, decimals: number): ShortNumber | undefined {
  if (decimals > MAX_DECIMALS) return undefined;
  const scale = 10 ** decimals;
  const scaled = Math.round(value * scale);
  if (!Number.isSafeInteger(scaled)) return undefined;
  if (scaled === 0) return { value: 0, token: '0' };
  return { value: scaled / scale, token: (scaled < 0 ? '-' : '') + decimalToken(Math.abs(scaled), decimals) };
}

/** The shortest token for a positive integer divided by `10 ** decimals`. */
function decimalToken(scaled: number, decimals: number): string {
  let [digits, places] = [scaled, decimals];
  while (places > 0 && digits % 10 === 0) {
    digits /= 10;
    places -= 1;
  }
  const text = String(digits);
  if (places === 0) return text;
  return `${text.slice(0, -places)}.${text.slice(-places).padStart(places, '0')}`;
}

/** A token for a computed value with the most digits that a token may have. */
export function exactValue(value: number): ShortNumber {
  return valueToken(value, MAX_DECIMALS);
}

/** Relative error of computed values. */
const COMPUTED = 1e-12;

/** A token for a computed value. Throws `NotUnderstood` for a value that needs more digits than a token may have. */
export function valueToken(value: number, decimals: number): ShortNumber {
  const rounded = roundedValue(value, Math.min(decimals, MAX_DECIMALS));
  const isExact = rounded && Math.abs(rounded.value - value) <= COMPUTED * Math.abs(value);
  if (!rounded || (decimals > MAX_DECIMALS && !isExact)) throw new NotUnderstood('a number with too many digits');
  return rounded;
}
