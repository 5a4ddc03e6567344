import { z } from 'zod';
import { commonConfig, decimal, integer, text } from '@pdf-tools/runtime/config';
import { metricsConfig } from '@pdf-tools/runtime/metrics-listener';
import { redisConfig } from '@pdf-tools/runtime/redis-config';
import { storageConfig } from '@pdf-tools/runtime/storage-config';
import { tracingConfig } from '@pdf-tools/runtime/tracing';
import { webhookConfig } from '@pdf-tools/jobs/webhook-config';

/** Environment variables of the scheduler. */
export const schedulerConfig = z.object({
  ...redisConfig,
  ...commonConfig,
  ...storageConfig,
  ...tracingConfig,
  FILE_MAX_AGE_HOURS: decimal({ default: 1, description: 'Hours that files are kept after the end of their job' }),
  QUEUE_MAX_AGE_HOURS: decimal({ default: 24, description: 'Hours after which a job that is still queued fails' }),
  SWEEP_INTERVAL_SECONDS: integer({
    min: 1,
    max: 3600,
    default: 20,
    description: 'Seconds between two sweeps of the volume',
  }),
  ...webhookConfig,
  TZ: text({ default: 'Europe/Berlin', description: 'Time zone of local times in logs' }),
  HEARTBEAT_FILE: text({
    default: './.run/scheduler.heartbeat',
    description: 'File touched every 5 s while the scheduler is healthy',
  }),
  BUILD_VERSION: text({ default: 'dev', description: 'Version that the metrics report' }),
  BUILD_REVISION: text({ default: 'unknown', description: 'Source revision that the metrics report' }),
  ...metricsConfig,
  SHUTDOWN_GRACE_SECONDS: integer({
    min: 1,
    default: 8,
    description: 'Seconds to finish the current tasks after SIGTERM',
  }),
});

export type SchedulerConfig = z.output<typeof schedulerConfig>;
