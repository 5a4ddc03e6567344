import { startHeartbeat } from '@pdf-tools/runtime/heartbeat';
import { JobInspection } from '@pdf-tools/jobs/inspection';
import { JobStore } from '@pdf-tools/jobs/store';
import { LogLevels } from '@pdf-tools/runtime/log-level';
import { createLogger } from '@pdf-tools/runtime/logger';
import { listenForMetrics } from '@pdf-tools/runtime/metrics-listener';
import { Notifications } from '@pdf-tools/jobs/notifier';
import { connectRedis, createRedis } from '@pdf-tools/runtime/redis';
import { redisLocation } from '@pdf-tools/runtime/redis-config';
import { connectionSettings } from '@pdf-tools/runtime/redis-sentinel';
import { runService } from '@pdf-tools/runtime/run-service';
import { onShutdown } from '@pdf-tools/runtime/shutdown';
import { SlotFolders } from '@pdf-tools/runtime/slot-folders';
import { openStorage } from '@pdf-tools/runtime/open-storage';
import { startTracing } from '@pdf-tools/runtime/tracing';
import { startWatchdog } from '@pdf-tools/runtime/watchdog';
import { webhookKeys, webhookPolicy } from '@pdf-tools/jobs/webhook-config';
import { WebhookOutbox } from '@pdf-tools/jobs/webhook-outbox';
import { WorkerRegistry } from '@pdf-tools/jobs/worker-registry';
import { schedulerConfig } from './config.js';
import type { SchedulerConfig } from './config.js';
import { createSchedulerMetrics } from './metrics.js';
import { addQueueGauges } from './queue-gauges.js';
import { repeat } from './task.js';
import { createCheckStalled } from './tasks/check-stalled.js';
import { createReconcile } from './tasks/reconcile.js';
import { createOrphanSweep, createSweep } from './tasks/sweep.js';
import { createLimitAge } from './tasks/limit-age.js';
import { createSlotSweep } from './tasks/sweep-slots.js';
import { WebhookDelivery } from './tasks/webhooks.js';

async function start(config: SchedulerConfig): Promise<void> {
  startWatchdog();
  const log = createLogger({ service: 'scheduler', level: config.LOG_LEVEL });
  const settings = await connectionSettings(redisLocation(config), log);
  const redis = createRedis(settings, log);
  const storage = await openStorage(config, log);
  storage.prepare();
  await connectRedis(redis);
  new LogLevels(redis).follow('scheduler', config.LOG_LEVEL, log);
  const store = new JobStore(redis);
  const notifications = new Notifications(settings, log);
  const outbox = new WebhookOutbox(redis);
  const metrics = createSchedulerMetrics({ version: config.BUILD_VERSION, revision: config.BUILD_REVISION });
  const [inspection, workers] = [new JobInspection(redis), new WorkerRegistry(redis)];
  addQueueGauges(metrics.all, { inspection, workers, store, outbox, storage, log });

  const tracing = await startTracing('scheduler', config);
  const sweepOptions = {
    store,
    storage,
    log,
    intervalMs: config.SWEEP_INTERVAL_SECONDS * 1_000,
    fileMaxAgeHours: config.FILE_MAX_AGE_HOURS,
    queueMaxAgeHours: config.QUEUE_MAX_AGE_HOURS,
    metrics,
  };
  const webhooks = new WebhookDelivery({
    outbox,
    keys: webhookKeys(config.WEBHOOK_SECRET),
    policy: webhookPolicy(config),
    log,
    metrics,
    tracing,
  });
  const tasks = [
    createSweep(sweepOptions),
    createOrphanSweep(sweepOptions),
    ...(storage.isLocal ? [] : [createLimitAge(sweepOptions)]),
    createSlotSweep({ folders: new SlotFolders(storage), log }),
    createReconcile({ store, storage, metrics }),
    createCheckStalled(notifications),
    ...(config.WEBHOOK_SECRET === '' ? [] : [webhooks.task]),
  ];
  const stop = new AbortController();
  const running = Promise.all(tasks.map((task) => repeat(task, { log, timeZone: config.TZ, metrics }, stop.signal)));
  const listener = await listenForMetrics(config, metrics.all, log);
  const heartbeat = startHeartbeat(config.HEARTBEAT_FILE, () => redis.ping(), log);
  log.info('scheduler ready', { tasks: tasks.map(({ name }) => name), time_zone: config.TZ });

  onShutdown(log, config.SHUTDOWN_GRACE_SECONDS * 1_000, [
    {
      name: 'tasks',
      close: () => {
        heartbeat.stop();
        stop.abort();
        return Promise.all([running, webhooks.close()]);
      },
    },
    { name: 'metrics', close: () => listener.close() },
    { name: 'traces', close: () => tracing.close() },
    { name: 'queue', close: () => notifications.close() },
    { name: 'redis', close: () => redis.close() },
  ]);
}

await runService(schedulerConfig, process.env, start);
