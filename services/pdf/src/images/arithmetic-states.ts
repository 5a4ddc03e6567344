/** Rows of T.88, table E.1: Qe, NMPS, NLPS and SWITCH of each state of the probability estimator. */
const ESTIMATOR: readonly (readonly [qe: number, nextMps: number, nextLps: number, flips: 0 | 1])[] = [
  [0x5601, 1, 1, 1],
  [0x3401, 2, 6, 0],
  [0x1801, 3, 9, 0],
  [0x0ac1, 4, 12, 0],
  [0x0521, 5, 29, 0],
  [0x0221, 38, 33, 0],
  [0x5601, 7, 6, 1],
  [0x5401, 8, 14, 0],
  [0x4801, 9, 14, 0],
  [0x3801, 10, 14, 0],
  [0x3001, 11, 17, 0],
  [0x2401, 12, 18, 0],
  [0x1c01, 13, 20, 0],
  [0x1601, 29, 21, 0],
  [0x5601, 15, 14, 1],
  [0x5401, 16, 14, 0],
  [0x5101, 17, 15, 0],
  [0x4801, 18, 16, 0],
  [0x3801, 19, 17, 0],
  [0x3401, 20, 18, 0],
  [0x3001, 21, 19, 0],
  [0x2801, 22, 19, 0],
  [0x2401, 23, 20, 0],
  [0x2201, 24, 21, 0],
  [0x1c01, 25, 22, 0],
  [0x1801, 26, 23, 0],
  [0x1601, 27, 24, 0],
  [0x1401, 28, 25, 0],
  [0x1201, 29, 26, 0],
  [0x1101, 30, 27, 0],
  [0x0ac1, 31, 28, 0],
  [0x09c1, 32, 29, 0],
  [0x08a1, 33, 30, 0],
  [0x0521, 34, 31, 0],
  [0x0441, 35, 32, 0],
  [0x02a1, 36, 33, 0],
  [0x0221, 37, 34, 0],
  [0x0141, 38, 35, 0],
  [0x0111, 39, 36, 0],
  [0x0085, 40, 37, 0],
  [0x0049, 41, 38, 0],
  [0x0025, 42, 39, 0],
  [0x0015, 43, 40, 0],
  [0x0009, 44, 41, 0],
  [0x0005, 45, 42, 0],
  [0x0001, 45, 43, 0],
  [0x5601, 46, 46, 0],
];

/**
 * The estimator with the more probable symbol (MPS) folded into the state: state `2 * I + MPS` of the table's state I.
 * One byte then holds all that a context remembers.
 */
export const QE = Uint16Array.from(both(([qe]) => qe));
/** State after the more probable symbol. */
export const NEXT_MPS = Uint8Array.from(both(([, nextMps], mps) => 2 * nextMps + mps));
/** State after the less probable symbol. */
export const NEXT_LPS = Uint8Array.from(both(([, , nextLps, flips], mps) => 2 * nextLps + (mps ^ flips)));

function both(value: (row: (typeof ESTIMATOR)[number], mps: 0 | 1) => number): number[] {
  return ESTIMATOR.flatMap((row) => [value(row, 0), value(row, 1)]);
}
