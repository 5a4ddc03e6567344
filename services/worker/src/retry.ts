const SETBACK_DELAYS_S = [5, 10, 20, 40, 60, 60, 60, 60, 60, 60] as const;

/** Returns the time in ms until a job that was deferred so often is tried again, or undefined after ten times (six minutes). */
export function setbackDelayMs(setbacks: number): number | undefined {
  const seconds = SETBACK_DELAYS_S[setbacks];
  return seconds === undefined ? undefined : seconds * 1_000;
}
