/** Returns the number of the last server-sent event that a client has received. Undefined if the header has no number. */
export function lastEventId(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}
