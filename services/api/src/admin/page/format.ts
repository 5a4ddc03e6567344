/** Returns a time span such as 4.2 s, 12 min, 3 h or 2 d. */
export function span(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds * 10) / 10} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`;
}

/** Returns a number of bytes such as 12 B, 3 KiB, 4.5 MiB or 1.2 GiB. */
export function size(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 1_024 && unit < units.length - 1; unit++) value /= 1_024;
  return `${unit < 2 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
}

/** Returns a time in the reader's time zone. */
export function clock(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'medium' });
}

/** Returns the number of attempts, and of stalls if there were any. */
export function attemptsOf({
  attempts,
  interruptions,
}: {
  readonly attempts: number;
  readonly interruptions: number;
}): string {
  return interruptions > 0 ? `${attempts} + ${interruptions}` : String(attempts);
}
