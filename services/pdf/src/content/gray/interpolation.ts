/** Maps `x` from one interval to another (ISO 32000-2, 7.10.2). */
export function interpolate(x: number, low: number, high: number, toLow: number, toHigh: number): number {
  return high === low ? toLow : toLow + ((x - low) * (toHigh - toLow)) / (high - low);
}

/** Clips each value to its interval. `intervals` contains a lower and an upper bound for each. */
export function clipped(values: readonly number[], intervals: readonly number[]): number[] {
  const count = Math.floor(intervals.length / 2);
  return Array.from({ length: count }, (_item, at) =>
    clamp(values[at] ?? 0, intervals[2 * at] ?? 0, intervals[2 * at + 1] ?? 1),
  );
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(Number.isNaN(value) ? low : value, low), high);
}
