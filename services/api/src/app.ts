import type { Operations } from '@pdf-tools/operations/operation';
import { list } from '@pdf-tools/runtime/config';
import type { JobEvents } from '@pdf-tools/jobs/events';
import type { JobStore } from '@pdf-tools/jobs/store';
import type { Logger } from '@pdf-tools/runtime/logger';
import type { Redis } from '@pdf-tools/runtime/redis';
import { replicaWaiter } from '@pdf-tools/runtime/redis-replication';
import type { Storage } from '@pdf-tools/runtime/storage';
import type { Tracing } from '@pdf-tools/runtime/tracing';
import { webhookPolicy } from '@pdf-tools/jobs/webhook-config';
import { WorkerRegistry } from '@pdf-tools/jobs/worker-registry';
import express from 'express';
import type { Express, RequestHandler } from 'express';
import { admissionLimits } from './config.js';
import type { ApiConfig } from './config.js';
import { docsRoute } from './docs/page.js';
import { openApiRoute } from './docs/openapi.js';
import type { Health } from './health.js';
import { accessLog } from './http/access-log.js';
import type { ApiKeys } from './http/api-keys.js';
import { contextOf } from './http/context.js';
import { measureRequests } from './http/measure.js';
import { problemHandler } from './http/problem.js';
import { limitRate } from './http/rate-limit.js';
import { notFound, route } from './http/route.js';
import { crossOrigin, securityHeaders } from './http/security-headers.js';
import { traceRequests } from './http/trace.js';
import { unauthorized } from './http/unauthorized.js';
import { callOptions } from './jobs/params.js';
import type { CallOptionsSchema } from './jobs/params.js';
import { removeJob } from './jobs/remove.js';
import { JobWaiter } from './jobs/waiter.js';
import type { Lifecycle } from './lifecycle.js';
import type { ApiMetrics } from './metrics.js';
import { eventsRoute } from './routes/events.js';
import { constantJson, describeLimits, versionRoute } from './routes/info.js';
import { deleteRoute, jobRoute, resultRoute } from './routes/jobs.js';
import { assetRoute, rootRoute } from './routes/page.js';
import { operationRoute } from './routes/operations.js';
import { EventLoopThrottle } from './event-loop-throttle.js';
import { DiskBudget } from './upload/disk-budget.js';
import { UploadTimeouts } from './upload/timeouts.js';

const SECONDS_PER_HOUR = 3_600;
/** How long constant answers may be cached, in seconds. nginx's cache uses the same figure. */
const CACHE_SECONDS = 60;

/** Bytes of all bodies that are parsed in a round of the event loop, which takes about 3 ms. */
const PARSED_BYTES_PER_ROUND = 262_144;
/** Uploads that start in a round. Each creates a parser, a folder and a file; 64 at once would take 0.1 s. */
const UPLOADS_PER_ROUND = 4;

export interface AppDeps {
  readonly config: ApiConfig;
  readonly operations: Operations;
  readonly apiKeys: ApiKeys;
  readonly log: Logger;
  readonly redis: Redis;
  readonly store: JobStore;
  readonly events: JobEvents;
  readonly storage: Storage;
  readonly health: Health;
  readonly lifecycle: Lifecycle;
  readonly metrics: ApiMetrics;
  readonly tracing: Tracing;
}

export interface App {
  readonly handler: Express;
  /** Answers every waiting request with 202. */
  readonly stopWaiting: () => void;
}

/** Returns the express application with every route except the probes. */
export function createApp(deps: AppDeps): App {
  const { config, log, metrics } = deps;
  const waiter = new JobWaiter(deps.store, deps.events, log);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  // Each address has one spelling, because limits, caching and logs of nginx depend on it and nginx is case-sensitive.
  app.enable('case sensitive routing');
  app.enable('strict routing');
  app.set('trust proxy', config.TRUST_PROXY);
  app.set('query parser', 'simple');
  app.use(measureRequests(metrics), accessLog(log), traceRequests(deps.tracing));
  app.use(securityHeaders(), crossOrigin(list(config.ALLOWED_ORIGINS)));
  app.use('/api', ...guards(deps));
  addOperations(app, waiter, deps);
  addJobs(app, deps);
  addDocuments(app, deps);
  app.use(notFound);
  app.use(problemHandler(log, metrics));
  return {
    handler: app,
    stopWaiting: () => {
      waiter.stopWaiting();
    },
  };
}

/** Identifies the caller, limits the rate and requires a key. Wrong keys count towards the limit of their address. */
function guards({ config, apiKeys: keys, redis }: AppDeps): RequestHandler[] {
  const identify: RequestHandler = (req, res, next) => {
    const caller = keys.identify(req);
    Object.assign(contextOf(res), caller && { owner: caller.name, limits: caller.limits });
    // A cache must not give one key the answer of another.
    if (keys.required) res.vary('Authorization').vary('X-API-Key');
    next();
  };
  const requireKey: RequestHandler = (req, res, next) => {
    if (!keys.required || contextOf(res).owner !== '') {
      next();
      return;
    }
    res.setHeader('WWW-Authenticate', 'Bearer realm="pdf-tools"');
    next(unauthorized(req, 'API key'));
  };
  return [identify, ...(config.RATE_LIMIT ? [limitRate(redis)] : []), requireKey];
}

function resultDeps(deps: AppDeps) {
  return {
    operations: deps.operations,
    storage: deps.storage,
    xAccel: deps.config.X_ACCEL,
    discard: ({ id }: { id: string }) => removeJob(id, 'read once', deps),
  };
}

function addOperations(app: Express, waiter: JobWaiter, deps: AppDeps): void {
  const { config, storage, log } = deps;
  const shared = {
    ...deps,
    waiter,
    upload: {
      storage,
      log,
      timeouts: new UploadTimeouts(),
      disk: new DiskBudget(storage, config.DISK_RESERVE_BYTES),
      starts: new EventLoopThrottle(UPLOADS_PER_ROUND),
      parsing: new EventLoopThrottle(PARSED_BYTES_PER_ROUND),
      maxBytes: config.MAX_UPLOAD_BYTES,
    },
    result: resultDeps(deps),
    options: optionsOf(config),
    queueLimits: admissionLimits(config),
    replicated: replicaWaiter(deps.redis, config.REDIS_MIN_REPLICAS),
    syncWaitSeconds: config.SYNC_WAIT_SECONDS,
  };
  for (const [name, operation] of Object.entries(deps.operations))
    // Clients of the predecessor may end the path with a slash, which it redirected.
    for (const path of [`/api/${name}`, `/api/${name}/`])
      route(app, path, { post: operationRoute(name, operation, shared) });
}

function addJobs(app: Express, deps: AppDeps): void {
  const shared = { ...deps, result: resultDeps(deps) };
  route(app, '/api/jobs/:id', { get: jobRoute(shared), delete: deleteRoute(shared) });
  route(app, '/api/jobs/:id/result', { get: resultRoute(shared) });
  route(app, '/api/jobs/:id/events', { get: eventsRoute(deps) });
}

function addDocuments(app: Express, { config, operations, redis }: AppDeps): void {
  const limits = {
    maxUploadBytes: config.MAX_UPLOAD_BYTES,
    maxRetainSeconds: maxRetain(config),
    syncWaitSeconds: config.SYNC_WAIT_SECONDS,
    queue: admissionLimits(config),
    rateLimited: config.RATE_LIMIT,
  };
  const version = { version: config.BUILD_VERSION, revision: config.BUILD_REVISION, node: process.versions.node };
  const described = {
    version: config.BUILD_VERSION,
    options: optionsOf(config),
    maxUploadBytes: config.MAX_UPLOAD_BYTES,
    maxAgeSeconds: CACHE_SECONDS,
  };
  route(app, '/api/limits', { get: constantJson(describeLimits(operations, limits), CACHE_SECONDS) });
  route(app, '/version', { get: versionRoute(version, new WorkerRegistry(redis)) });
  route(app, '/openapi.json', { get: openApiRoute(operations, described) });
  route(app, '/docs', {
    get: docsRoute(operations, { ...described, fallbackOrigin: `http://localhost:${config.PORT}` }),
  });
  route(app, '/', { get: rootRoute() });
  route(app, '/assets/*name', { get: assetRoute() });
  for (const path of ['/health', '/livez', '/readyz']) route(app, path, {});
}

/** Returns the request options for this configuration. The webhook secret only decides whether webhooks are sent. */
function optionsOf(config: ApiConfig): CallOptionsSchema {
  return callOptions(maxRetain(config), config.WEBHOOK_SECRET === '' ? undefined : webhookPolicy(config));
}

function maxRetain(config: ApiConfig): number {
  return Math.max(1, Math.round(config.FILE_MAX_AGE_HOURS * SECONDS_PER_HOUR));
}
