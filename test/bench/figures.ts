/** Returns the value below which the share `q` of the numbers is, or NaN for an empty list. */
export function quantile(numbers: readonly number[], q: number): number {
  const sorted = [...numbers].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? NaN;
}

/** Formats median, 95th percentile and maximum as one line. */
export function spread(numbers: readonly number[]): string {
  const ms = (q: number): string => quantile(numbers, q).toFixed(1).padStart(7);
  return `p50 ${ms(0.5)}   p95 ${ms(0.95)}   max ${ms(1)}   (${numbers.length})`;
}
