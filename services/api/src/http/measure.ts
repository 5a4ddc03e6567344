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
 * Counts each request when its answer has ended. Bytes are those of the connection since the request before it: the
 * first of a body arrive together with its head, before there is a request.
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

/** The method, or `other`: clients may send any word. */
export function methodOf({ method }: Request): string {
  return METHODS.has(method) ? method : 'other';
}

/** The route's own pattern: clients choose addresses, and each would be a series of its own. */
export function routeOf(req: Request): string {
  const { path } = (req.route ?? {}) as { readonly path?: unknown };
  return typeof path === 'string' ? path : 'none';
}

function statusOf(res: Response): string {
  return res.writableFinished ? String(res.statusCode) : 'broken';
}
