/** What a client prefers (RFC 7240). */
export interface Preferences {
  readonly respondAsync: boolean;
  /** Seconds it will wait for the answer; undefined where it did not say. */
  readonly wait: number | undefined;
}

const MOST_PREFERENCES = 20;

/** Reads a Prefer header. What it does not know or cannot read is ignored, as RFC 7240 section 2 asks for. */
export function parsePrefer(header: string | string[] | undefined): Preferences {
  const tokens = [header ?? []].flat().join(',').split(',', MOST_PREFERENCES);
  let respondAsync = false;
  let wait: number | undefined;
  for (const token of tokens) {
    const [name = '', value = ''] = (token.split(';', 1)[0] ?? '').split('=', 2).map((word) => word.trim());
    if (/^respond-async$/i.test(name)) respondAsync = true;
    // The first of several counts (section 2).
    const seconds = /^"?(\d{1,6})"?$/.exec(value)?.[1];
    if (/^wait$/i.test(name) && seconds !== undefined) wait ??= Number(seconds);
  }
  return { respondAsync, wait };
}
