/** The number of the last server-sent event that a client has seen; undefined for none, or for one that was not ours. */
export function lastEventId(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}
