const SETBACK_DELAYS_S = [5, 10, 20, 40, 60, 60, 60, 60, 60, 60] as const;

/** Time until a job that was put off so often is tried again; undefined after ten times, which is six minutes. */
export function setbackDelayMs(setbacks: number): number | undefined {
  const seconds = SETBACK_DELAYS_S[setbacks];
  return seconds === undefined ? undefined : seconds * 1_000;
}
