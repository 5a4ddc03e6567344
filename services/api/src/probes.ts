import type { IncomingMessage, ServerResponse } from 'node:http';
import { REPORTED_MEMORY_SHARE } from '@pdf-tools/jobs/admission';
import { requestIdOf } from './http/context.js';
import { PLAIN_HEADERS } from './http/security-headers.js';
import type { Findings, Health } from './health.js';
import type { Lifecycle } from './lifecycle.js';

interface Answer {
  readonly status: number;
  readonly body: Buffer;
  /** Names and values alternately, which is the fastest form for Node. */
  readonly headers: readonly string[];
}

function answer(status: number, body: unknown): Answer {
  const bytes = Buffer.from(JSON.stringify(body));
  const headers = Object.entries({
    ...PLAIN_HEADERS,
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    'Content-Length': String(bytes.length),
  }).flat();
  return { status, body: bytes, headers };
}

const HEALTHY = answer(200, { status: 'healthy' });
const UNHEALTHY = answer(503, { status: 'unhealthy' });
const LIVE = answer(200, { status: 'live' });

function readiness({ redis, disk, storage, workers, headroom }: Findings, stopping: boolean): Answer {
  const redisMemory = headroom.memoryShare < REPORTED_MEMORY_SHARE;
  const ready = redis && redisMemory && disk && storage && workers > 0 && !stopping;
  return answer(ready ? 200 : 503, {
    status: ready ? 'ready' : 'unready',
    redis,
    redis_memory: redisMemory,
    disk,
    storage,
    workers: workers > 0,
    stopping,
  });
}

/**
 * Answers /health, /livez and /readyz from prepared bytes before any other handler runs, because they are requested most
 * often and must work under load. Returns false for every other request.
 */
export function createProbes(
  health: Health,
  lifecycle: Lifecycle,
): (req: IncomingMessage, res: ServerResponse) => boolean {
  const byPath: Readonly<Record<string, (findings: Findings) => Answer>> = {
    '/health': ({ redis, disk, storage }) => (redis && disk && storage ? HEALTHY : UNHEALTHY),
    '/readyz': (findings) => readiness(findings, lifecycle.stopping),
  };
  return (req, res) => {
    if (req.method !== 'GET' && req.method !== 'HEAD') return false;
    const path = pathOf(req.url ?? '');
    if (path === '/livez') {
      send(req, res, LIVE);
      return true;
    }
    const respond = Object.hasOwn(byPath, path) ? byPath[path] : undefined;
    if (!respond) return false;
    const { fresh } = health;
    if (fresh) send(req, res, respond(fresh));
    else
      void health.check().then((findings) => {
        send(req, res, respond(findings));
      });
    return true;
  };
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

function send(req: IncomingMessage, res: ServerResponse, { status, headers, body }: Answer): void {
  res.writeHead(status, [...headers, 'X-Request-Id', requestIdOf(req)]);
  res.end(req.method === 'HEAD' ? undefined : body);
}
