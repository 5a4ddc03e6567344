import type { Request, Response } from 'express';

/** A host name, an IPv4 address or an IPv6 address in brackets, with an optional port (RFC 9110, section 7.2). */
const HOST = /^(?:[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/**
 * Returns the origin that the client used, such as `https://pdf.example.org`. The scheme comes from a trusted proxy, if
 * there is one. Undefined if the Host header is anything but a host, so the origin is safe in HTML, JSON and a shell.
 */
export function originOf(req: Request): string | undefined {
  const host = req.headers.host ?? '';
  const scheme = req.protocol === 'https' ? 'https' : 'http';
  return HOST.test(host) ? `${scheme}://${host.toLowerCase()}` : undefined;
}

/** Lets caches keep an answer that holds the origin. nginx's cache separates hosts only by this Vary. */
export function cacheByOrigin(res: Response, maxAgeSeconds: number): void {
  res.vary('Host').vary('X-Forwarded-Proto');
  res.setHeader('Cache-Control', `public, max-age=${maxAgeSeconds}`);
}
