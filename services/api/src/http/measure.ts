import type { Socket } from 'node:net';
import type { Request, RequestHandler, Response } from 'express';
import type { ApiMetrics } from '../metrics.js';

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS']);

/** Bytes of a connection. */
interface Traffic {
  readonly read: number;
  readonly written: number;
}

/**
 * Counts each request at the end of its response. Its bytes are those of the connection since the previous request, because
 * the start of a body arrives together with the headers.
 */
export function measureRequests(metrics: ApiMetrics): RequestHandler {
  const counted = new WeakMap<Socket, Traffic>();
  return (req, res, next) => {
    const started = performance.now();
    const { socket } = req;
    metrics.inFlight.inc();
    res.once('close', () => {
      metrics.inFlight.dec();
      metrics.requests.inc({ method: methodOf(req), route: routeOf(req), status: statusOf(res) });
      metrics.duration.observe({ route: routeOf(req) }, (performance.now() - started) / 1_000);
      const before = counted.get(socket) ?? { read: 0, written: 0 };
      const now = { read: socket.bytesRead, written: socket.bytesWritten };
      metrics.received.inc(Math.max(0, now.read - before.read));
      metrics.sent.inc(Math.max(0, now.written - before.written));
      counted.set(socket, now);
    });
    next();
  };
}

/** Returns the method, or `other` for words that clients make up. */
export function methodOf({ method }: Request): string {
  return METHODS.has(method) ? method : 'other';
}

/** Returns the pattern of the route. A label with the path would have a value per address that clients make up. */
export function routeOf(req: Request): string {
  const { path } = (req.route ?? {}) as { readonly path?: unknown };
  return typeof path === 'string' ? path : 'none';
}

function statusOf(res: Response): string {
  return res.writableFinished ? String(res.statusCode) : 'broken';
}
