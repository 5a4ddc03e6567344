import { z } from 'zod';
import { commonConfig, integer, text } from '@pdf-tools/runtime/config';
import { metricsConfig } from '@pdf-tools/runtime/metrics-listener';
import { redisConfig, replicasConfig } from '@pdf-tools/runtime/redis-config';
import { storageConfig } from '@pdf-tools/runtime/storage-config';
import { tracingConfig } from '@pdf-tools/runtime/tracing';

/** Everything that the worker reads from its environment. */
export const workerConfig = z.object({
  ...redisConfig,
  ...replicasConfig,
  ...commonConfig,
  ...storageConfig,
  ...tracingConfig,
  WORKER_CONCURRENCY: integer({
    max: 64,
    default: 0,
    description: 'Jobs at a time, each in its own child process. 0 for one per core, but at least 2',
  }),
  JOB_SOFT_LIMIT_SECONDS: integer({ min: 1, default: 240, description: 'Seconds after which a job is asked to stop' }),
  JOB_HARD_LIMIT_SECONDS: integer({
    min: 1,
    default: 300,
    description: 'Seconds after which its child process is killed',
  }),
  JOB_MAX_ATTEMPTS: integer({
    min: 1,
    max: 10,
    default: 2,
    description: 'Attempts of a job whose child process crashes',
  }),
  MAX_JOBS_PER_CHILD: integer({
    min: 1,
    default: 1000,
    description: 'Jobs after which a child process is replaced, plus or minus 50',
  }),
  CHILD_HEAP_MB: integer({ min: 64, default: 512, description: 'JavaScript heap limit of a child process in MiB' }),
  CHILD_MEMORY_MB: integer({
    min: 128,
    default: 1024,
    description: 'Resident memory in MiB above which a child process is killed',
  }),
  CHILD_SYSCALL_FILTER: text({
    default: '',
    description: 'File with the raw seccomp program of the child processes. Empty for none',
  }),
  HEARTBEAT_FILE: text({
    default: './.run/worker.heartbeat',
    description: 'File touched every 5 s while the worker is healthy',
  }),
  BUILD_VERSION: text({ default: 'dev', description: 'Version that the worker reports' }),
  BUILD_REVISION: text({ default: 'unknown', description: 'Source revision in the metrics' }),
  ...metricsConfig,
  SHUTDOWN_GRACE_SECONDS: integer({
    min: 1,
    default: 320,
    description: 'Seconds to finish jobs after SIGTERM. Jobs that still run are requeued',
  }),
});

export type WorkerConfig = z.output<typeof workerConfig>;
