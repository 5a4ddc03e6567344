/** Predicts a byte from those at the left, above, and above at the left. */
type Predict = (left: number, above: number, corner: number) => number;

/** The predictors of PNG by type of filter (ISO/IEC 15948, 9.2). */
export const PREDICTORS: readonly Predict[] = [
  () => 0,
  (left) => left,
  (_left, above) => above,
  (left, above) => (left + above) >> 1,
  paeth,
];

/** Predicts the one of three bytes that is nearest to `left + above - corner` (ISO/IEC 15948, 9.4). */
export function paeth(left: number, above: number, corner: number): number {
  const [a, b, c] = [Math.abs(above - corner), Math.abs(left - corner), Math.abs(left + above - 2 * corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? above : corner;
}
