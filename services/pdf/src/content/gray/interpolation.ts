/** ISO 32000-2, 7.10.2: where `x` of one interval lies in the other. */
export function interpolate(x: number, low: number, high: number, toLow: number, toHigh: number): number {
  return high === low ? toLow : toLow + ((x - low) * (toHigh - toLow)) / (high - low);
}

/** Each value clipped to its interval; `intervals` holds a lower and an upper bound of each. */
export function clipped(values: readonly number[], intervals: readonly number[]): number[] {
  const count = Math.floor(intervals.length / 2);
  return Array.from({ length: count }, (_item, at) =>
    clamp(values[at] ?? 0, intervals[2 * at] ?? 0, intervals[2 * at + 1] ?? 1),
  );
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(Number.isNaN(value) ? low : value, low), high);
}
