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

/** The user and the password in the address of Redis. Throws a TypeError for text that is no URL. */
export function readRedisUser(text: string): { readonly username?: string; readonly password?: string } {
  const { username, password } = new URL(text);
  return {
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
  };
}
