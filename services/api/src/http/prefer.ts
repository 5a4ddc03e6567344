/** The preferences of a client (RFC 7240). */
export interface Preferences {
  readonly respondAsync: boolean;
  /** Seconds to wait for the response. Undefined if the client did not send it. */
  readonly wait: number | undefined;
}

const MAX_PREFERENCES = 20;

/** Reads a Prefer header. Unknown and malformed preferences are ignored (RFC 7240, section 2). */
export function parsePrefer(header: string | string[] | undefined): Preferences {
  const tokens = [header ?? []].flat().join(',').split(',', MAX_PREFERENCES);
  let respondAsync = false;
  let wait: number | undefined;
  for (const token of tokens) {
    const [name = '', value = ''] = (token.split(';', 1)[0] ?? '').split('=', 2).map((word) => word.trim());
    if (/^respond-async$/i.test(name)) respondAsync = true;
    // Of several, the first one is used (section 2).
    const seconds = /^"?(\d{1,6})"?$/.exec(value)?.[1];
    if (/^wait$/i.test(name) && seconds !== undefined) wait ??= Number(seconds);
  }
  return { respondAsync, wait };
}
