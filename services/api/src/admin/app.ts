import { sendMetrics } from '@pdf-tools/runtime/metrics-listener';
import type { JobEvents } from '@pdf-tools/jobs/events';
import type { JobInspection } from '@pdf-tools/jobs/inspection';
import type { JobStore } from '@pdf-tools/jobs/store';
import { AppError } from '@pdf-tools/runtime/errors';
import type { LogLevels } from '@pdf-tools/runtime/log-level';
import type { Logger } from '@pdf-tools/runtime/logger';
import type { Storage } from '@pdf-tools/runtime/storage';
import type { WorkerRegistry } from '@pdf-tools/jobs/worker-registry';
import express from 'express';
import type { Express, RequestHandler } from 'express';
import { accessLog } from '../http/access-log.js';
import { ApiKeys } from '../http/api-keys.js';
import { measureRequests } from '../http/measure.js';
import { problemHandler } from '../http/problem.js';
import { notFound, route } from '../http/route.js';
import { securityHeaders } from '../http/security-headers.js';
import { unauthorized } from '../http/unauthorized.js';
import type { Lifecycle } from '../lifecycle.js';
import type { ApiMetrics } from '../metrics.js';
import { OPERATOR_PAGE, assetRoute, operatorPageRoute } from '../routes/page.js';
import { adminEventsRoute } from './events.js';
import { logLevelRoute } from './log-level.js';
import { overviewRoute } from './overview.js';
import type { Build } from './overview.js';
import { cancelRoute, deadLettersRoute, jobsRoute, retryRoute, workersRoute } from './routes.js';

export interface AdminDeps {
  readonly key: string;
  /** Keys of the API, which get 403 here. */
  readonly apiKeys: ApiKeys;
  readonly store: JobStore;
  readonly inspection: JobInspection;
  readonly workers: WorkerRegistry;
  readonly events: JobEvents;
  readonly storage: Storage;
  readonly lifecycle: Lifecycle;
  readonly log: Logger;
  readonly metrics: ApiMetrics;
  readonly build: Build;
  readonly logLevels: Pick<LogLevels, 'set'>;
}

/**
 * Returns the express application of the admin listener. Every request needs the admin key, except those for the page that
 * asks for the key and for the metrics, which identify no client.
 */
export function createAdminApp(deps: AdminDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.set('query parser', 'simple');
  route(app, '/metrics', { get: (_req, res) => sendMetrics(res, deps.metrics.all) });
  app.use(measureRequests(deps.metrics), accessLog(deps.log), securityHeaders());
  route(app, '/admin', { get: operatorPageRoute() });
  route(app, '/admin/assets/*name', { get: assetRoute(OPERATOR_PAGE) });
  app.use('/admin/api', requireKey(deps.key, deps.apiKeys), neverStored);
  route(app, '/admin/api/jobs', { get: jobsRoute(deps) });
  route(app, '/admin/api/jobs/:id/cancel', { post: cancelRoute(deps) });
  route(app, '/admin/api/overview', { get: overviewRoute(deps) });
  route(app, '/admin/api/workers', { get: workersRoute(deps) });
  route(app, '/admin/api/events', { get: adminEventsRoute(deps) });
  route(app, '/admin/api/dead', { get: deadLettersRoute(deps) });
  route(app, '/admin/api/log-level', { post: logLevelRoute(deps) });
  route(app, '/admin/api/dead/:id/retry', { post: retryRoute(deps) });
  app.use(notFound);
  app.use(problemHandler(deps.log, deps.metrics));
  return app;
}

function requireKey(key: string, apiKeys: ApiKeys): RequestHandler {
  const keys = new ApiKeys([`admin:${key}`]);
  return (req, res, next) => {
    if (keys.identify(req) !== undefined) {
      next();
      return;
    }
    if (apiKeys.required && apiKeys.identify(req) !== undefined) {
      next(new AppError('forbidden', 'This API key does not open the admin pages. Send the admin key (ADMIN_KEY).'));
      return;
    }
    res.setHeader('WWW-Authenticate', 'Bearer realm="pdf-tools admin"');
    next(unauthorized(req, 'admin key'));
  };
}

const neverStored: RequestHandler = (_req, res, next) => {
  res.setHeader('Cache-Control', 'no-store');
  next();
};
