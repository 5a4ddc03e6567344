/** Where Redis listens: a port, or a Unix socket on the same host. */
export type RedisAddress = (
  | { readonly host: string; readonly port: number }
  /** Path of the socket. */
  | { readonly path: string }
) & { readonly database: number };

const DEFAULT_PORT = 6379;

/**
 * Reads the address of Redis. `redis://HOST:PORT/DATABASE` names a port, and `unix:///PATH?db=DATABASE` a Unix socket, which
 * saves the network between processes of one host. Throws a TypeError for text that is no URL.
 */
export function readRedisAddress(text: string): RedisAddress {
  const { protocol, hostname, port, pathname, searchParams } = new URL(text);
  if (protocol === 'unix:')
    return { path: decodeURIComponent(pathname), database: Number(searchParams.get('db') ?? 0) };
  // An IPv6 address is in brackets only in a URL.
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || DEFAULT_PORT),
    database: Number(pathname.slice(1) || 0),
  };
}

/**
 * Moves the user and the password of a Redis URL, which are undefined if it has none, out of the URL. Throws a TypeError for
 * text that is no URL, and a URIError for a user or password that is not percent-encoded.
 */
export function splitRedisUrl(text: string) {
  const url = new URL(text);
  const [username, password] = [url.username, url.password].map((part) => decodeURIComponent(part) || undefined);
  url.username = url.password = '';
  return { url: url.href, username, password };
}
