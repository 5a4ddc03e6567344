/** Completion times that Redis keeps, newest first, in ms since the epoch. */
export const MAX_COMPLETIONS = 50;

const MINUTE_MS = 60_000;

/** Average time between two completions, undefined before the second. */
export function msPerJob(completions: readonly number[]): number | undefined {
  const [newest, oldest] = [completions.at(0), completions.at(-1)];
  if (newest === undefined || oldest === undefined || completions.length < 2) return undefined;
  return (newest - oldest) / (completions.length - 1);
}

/** Completions within the last minute. A full list of the last minute is too short to count, so it gives a rate. */
export function completionsPerMinute(completions: readonly number[], now: number): number {
  const recent = completions.filter((time) => time > now - MINUTE_MS).length;
  if (recent < MAX_COMPLETIONS) return recent;
  return Math.round((recent * MINUTE_MS) / Math.max(1, now - (completions.at(-1) ?? now)));
}
