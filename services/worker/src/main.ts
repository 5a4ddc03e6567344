import { availableParallelism, hostname } from 'node:os';
import { startHeartbeat } from '@pdf-tools/runtime/heartbeat';
import { onStop } from '@pdf-tools/jobs/events';
import { JobStore } from '@pdf-tools/jobs/store';
import { CHILD_ENTRY } from '@pdf-tools/operations/process/entry';
import { LogLevels } from '@pdf-tools/runtime/log-level';
import { createLogger } from '@pdf-tools/runtime/logger';
import { listenForMetrics } from '@pdf-tools/runtime/metrics-listener';
import { JobListener } from '@pdf-tools/jobs/notifier';
import { connectRedis, createRedis } from '@pdf-tools/runtime/redis';
import { redisLocation } from '@pdf-tools/runtime/redis-config';
import { replicaWaiter } from '@pdf-tools/runtime/redis-replication';
import { connectionSettings } from '@pdf-tools/runtime/redis-sentinel';
import { runService } from '@pdf-tools/runtime/run-service';
import { onShutdown } from '@pdf-tools/runtime/shutdown';
import { SlotFolders } from '@pdf-tools/runtime/slot-folders';
import { openStorage } from '@pdf-tools/runtime/open-storage';
import { startTracing } from '@pdf-tools/runtime/tracing';
import { startWatchdog } from '@pdf-tools/runtime/watchdog';
import { WorkerRegistry } from '@pdf-tools/jobs/worker-registry';
import { releaseLeasesOfDead, workerName } from './identity.js';
import { workerConfig } from './config.js';
import type { WorkerConfig } from './config.js';
import { Consumer } from './consumer.js';
import { createWorkerMetrics } from './metrics.js';
import { Pool } from './pool.js';
import { Registration } from './registration.js';
import { findLauncher } from './sandbox/launcher.js';
import { openWorkerSlots } from './worker-slots.js';

/** Time at the end of the grace period that is kept for handing jobs back. */
const HAND_BACK_MS = 5_000;

async function start(config: WorkerConfig): Promise<void> {
  startWatchdog();
  const log = createLogger({ service: 'worker', level: config.LOG_LEVEL });
  const settings = await connectionSettings(redisLocation(config), log);
  const redis = createRedis(settings, log);
  const subscriber = createRedis(settings, log);
  const storage = await openStorage(config, log);
  const concurrency = config.WORKER_CONCURRENCY || Math.max(2, availableParallelism());
  storage.prepare();
  const worker = workerName();
  const slots = await openWorkerSlots(new SlotFolders(storage), worker, log);
  const launcher = await findLauncher(
    {
      entry: CHILD_ENTRY,
      heapMb: config.CHILD_HEAP_MB,
      memoryMb: config.CHILD_MEMORY_MB,
      slots: slots.folder,
      syscallFilter: config.CHILD_SYSCALL_FILTER,
    },
    log,
  );
  const metrics = createWorkerMetrics({ version: config.BUILD_VERSION, revision: config.BUILD_REVISION });
  const pool = new Pool(
    {
      // One more than the concurrency: it is kept for a small job.
      size: concurrency + 1,
      launcher,
      slots: slots.folder,
      memoryMb: config.CHILD_MEMORY_MB,
      maxJobsPerChild: config.MAX_JOBS_PER_CHILD,
      softMs: config.JOB_SOFT_LIMIT_SECONDS * 1_000,
      hardMs: config.JOB_HARD_LIMIT_SECONDS * 1_000,
      onReplaced: (reason) => {
        metrics.restarts.inc({ reason });
      },
    },
    log,
  );
  await Promise.all([connectRedis(redis), connectRedis(subscriber), pool.start()]);
  new LogLevels(redis).follow('worker', config.LOG_LEVEL, log);
  metrics.watch(pool, concurrency);
  const tracing = await startTracing('worker', config);
  const listener = await listenForMetrics(config, metrics.all, log);

  const store = new JobStore(redis);
  const jobListener = new JobListener(settings, log);
  const deps = {
    store,
    storage,
    copies: slots.folder,
    pool,
    log,
    maxAttempts: config.JOB_MAX_ATTEMPTS,
    replicated: replicaWaiter(redis, config.REDIS_MIN_REPLICAS),
    metrics,
    tracing,
  };
  const consumer = new Consumer(deps, { worker, concurrency }, jobListener);
  await releaseLeasesOfDead(store, log);
  await onStop(subscriber, log, (id) => {
    consumer.cancel(id);
  });
  consumer.start();
  const described = { ...describeWorker(worker, concurrency, config.BUILD_VERSION), sandbox: launcher.sandbox };
  const registration = new Registration(new WorkerRegistry(redis), pool, described, log);
  registration.start();
  const heartbeat = startHeartbeat(config.HEARTBEAT_FILE, () => registration.report(), log);
  log.info('worker ready', { worker, concurrency, sandbox: launcher.sandbox });

  onShutdown(log, config.SHUTDOWN_GRACE_SECONDS * 1_000, [
    { name: 'jobs', close: () => consumer.close(Math.max(0, config.SHUTDOWN_GRACE_SECONDS * 1_000 - HAND_BACK_MS)) },
    {
      name: 'registration',
      close: async () => {
        heartbeat.stop();
        await registration.stop();
      },
    },
    {
      name: 'children',
      close: async () => {
        await pool.close();
        await slots.close();
      },
    },
    { name: 'metrics', close: () => listener.close() },
    { name: 'traces', close: () => tracing.close() },
    { name: 'redis', close: () => Promise.all([redis.close(), subscriber.close()]) },
  ]);
}

/** Returns the details of a worker that do not change. */
function describeWorker(name: string, concurrency: number, version: string) {
  return { name, host: hostname(), pid: process.pid, started_at: Date.now(), version, concurrency };
}

await runService(workerConfig, process.env, start);
