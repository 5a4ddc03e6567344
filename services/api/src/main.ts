import { OPERATIONS } from '@pdf-tools/operations/registry';
import { list } from '@pdf-tools/runtime/config';
import { JobEvents } from '@pdf-tools/jobs/events';
import { JobInspection } from '@pdf-tools/jobs/inspection';
import { JobStore } from '@pdf-tools/jobs/store';
import { LogLevels } from '@pdf-tools/runtime/log-level';
import { createLogger } from '@pdf-tools/runtime/logger';
import type { Logger } from '@pdf-tools/runtime/logger';
import { connectRedis, createRedis } from '@pdf-tools/runtime/redis';
import type { Redis } from '@pdf-tools/runtime/redis';
import { redisLocation } from '@pdf-tools/runtime/redis-config';
import { connectionSettings } from '@pdf-tools/runtime/redis-sentinel';
import { runService } from '@pdf-tools/runtime/run-service';
import { onShutdown } from '@pdf-tools/runtime/shutdown';
import { openStorage } from '@pdf-tools/runtime/open-storage';
import { startTracing } from '@pdf-tools/runtime/tracing';
import { startWatchdog } from '@pdf-tools/runtime/watchdog';
import { WorkerRegistry } from '@pdf-tools/jobs/worker-registry';
import { createAdminApp } from './admin/app.js';
import type { AdminDeps } from './admin/app.js';
import { createApp } from './app.js';
import { apiConfig, apiKeysFile } from './config.js';
import type { ApiConfig } from './config.js';
import { ApiKeys } from './http/api-keys.js';
import { Health } from './health.js';
import { Lifecycle } from './lifecycle.js';
import { createApiMetrics } from './metrics.js';
import { createProbes } from './probes.js';
import { ApiServer } from './server.js';

/** Time at the end of the grace period to answer waiting requests with 202. */
const LAST_ANSWERS_MS = 5_000;

async function start(config: ApiConfig, keysFile: string): Promise<void> {
  startWatchdog();
  const log = createLogger({ service: 'api', level: config.LOG_LEVEL });
  const settings = await connectionSettings(redisLocation(config), log);
  const redis = createRedis(settings, log);
  const subscriber = createRedis(settings, log);
  const events = new JobEvents(subscriber, log);
  const store = new JobStore(redis);
  const storage = await openStorage(config, log);
  storage.prepare();
  // Until Redis is connected, requests are answered with 503.
  connectInBackground(redis, log);
  connectInBackground(subscriber, log, () => events.start());

  const health = new Health({
    store,
    storage,
    dataDir: config.DATA_DIR,
    reserveBytes: config.DISK_RESERVE_BYTES,
    log,
  });
  const lifecycle = new Lifecycle();
  const metrics = createApiMetrics(config);
  const tracing = await startTracing('api', config);
  const apiKeys = new ApiKeys(list(config.API_KEYS));
  if (keysFile !== '') apiKeys.follow(keysFile, log);
  const app = createApp({
    config,
    operations: OPERATIONS,
    apiKeys,
    log,
    redis,
    store,
    events,
    storage,
    health,
    lifecycle,
    metrics,
    tracing,
  });
  const server = new ApiServer({ probes: createProbes(health, lifecycle), app: app.handler, lifecycle });
  const port = await server.listen(config.PORT, config.HOST);
  const inspection = new JobInspection(redis);
  const workers = new WorkerRegistry(redis);
  const shared = { store, inspection, workers, events, storage, lifecycle, log, metrics };
  const logLevels = new LogLevels(redis);
  logLevels.follow('api', config.LOG_LEVEL, log);
  const build = { version: config.BUILD_VERSION, revision: config.BUILD_REVISION, node: process.versions.node };
  const admin = await listenForAdmins(config, { key: config.ADMIN_KEY, apiKeys, build, logLevels, ...shared });
  log.info('api ready', { host: config.HOST, port });

  const graceMs = config.SHUTDOWN_GRACE_SECONDS * 1_000;
  onShutdown(log, graceMs, [
    {
      name: 'server',
      close: async () => {
        lifecycle.stop();
        const lastCall = setTimeout(app.stopWaiting, Math.max(0, graceMs - LAST_ANSWERS_MS));
        await Promise.all([server.close(), admin?.close()]);
        clearTimeout(lastCall);
      },
    },
    { name: 'traces', close: () => tracing.close() },
    { name: 'redis', close: () => Promise.all([redis.close(), subscriber.close()]) },
  ]);
}

/** Starts the admin listener. Returns undefined if there is no admin key. */
async function listenForAdmins(config: ApiConfig, deps: AdminDeps): Promise<ApiServer | undefined> {
  if (config.ADMIN_KEY === '') return undefined;
  const server = new ApiServer({ probes: () => false, app: createAdminApp(deps), lifecycle: deps.lifecycle });
  const port = await server.listen(config.ADMIN_PORT, config.ADMIN_HOST);
  deps.log.info('admin listener ready', { host: config.ADMIN_HOST, port });
  return server;
}

function connectInBackground(client: Redis, log: Logger, then?: () => Promise<void>): void {
  connectRedis(client)
    .then(then)
    .catch((error: unknown) => {
      log.error('cannot use Redis', { error });
      process.exit(1);
    });
}

await runService(apiConfig, process.env, (config) => start(config, apiKeysFile(process.env)));
