import type { Request, RequestHandler, Response } from 'express';
import type { ApiMetrics } from '../metrics.js';

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS']);

/** Counts each request when its answer has ended. */
export function measureRequests(metrics: ApiMetrics): RequestHandler {
  return (req, res, next) => {
    const started = performance.now();
    const { socket } = req;
    const before = { read: socket.bytesRead, written: socket.bytesWritten };
    metrics.inFlight.inc();
    res.once('close', () => {
      metrics.inFlight.dec();
      metrics.requests.inc({ method: methodOf(req), route: routeOf(req), status: statusOf(res) });
      metrics.duration.observe({ route: routeOf(req) }, (performance.now() - started) / 1_000);
      metrics.received.inc(Math.max(0, socket.bytesRead - before.read));
      metrics.sent.inc(Math.max(0, socket.bytesWritten - before.written));
    });
    next();
  };
}

function methodOf({ method }: Request): string {
  return METHODS.has(method) ? method : 'other';
}

/** The route's own pattern: clients choose addresses, and each would be a series of its own. */
function routeOf(req: Request): string {
  const { path } = (req.route ?? {}) as { readonly path?: unknown };
  return typeof path === 'string' ? path : 'none';
}

function statusOf(res: Response): string {
  return res.writableFinished ? String(res.statusCode) : 'broken';
}
