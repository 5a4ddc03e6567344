import type { JobCounts, JobInspection } from '@pdf-tools/jobs/inspection';
import type { JobStore } from '@pdf-tools/jobs/store';
import type { WebhookOutbox } from '@pdf-tools/jobs/webhook-outbox';
import type { Logger } from '@pdf-tools/runtime/logger';
import type { Metrics } from '@pdf-tools/runtime/metrics';
import type { Storage } from '@pdf-tools/runtime/storage';
import type { WorkerRegistry } from '@pdf-tools/jobs/worker-registry';
import { workersWanted } from './workers-wanted.js';

const MAX_WORKERS = 1_000;

export interface GaugeSources {
  readonly inspection: Pick<JobInspection, 'counts' | 'oldest'>;
  readonly store: Pick<JobStore, 'backlog' | 'headroom'>;
  readonly outbox: Pick<WebhookOutbox, 'size'>;
  readonly workers: Pick<WorkerRegistry, 'live'>;
  readonly storage: Pick<Storage, 'space'>;
  readonly log: Logger;
}

/**
 * Adds gauges of jobs by state and age, of Redis's memory and of the disk, which all services share. They are read whenever
 * the metrics are read. A gauge that cannot be read is missing, so that it never shows an old value.
 */
export function addQueueGauges(metrics: Metrics, sources: GaugeSources): void {
  const { inspection, store, outbox, workers, storage, log } = sources;
  const jobs = metrics.gauge('pdf_tools_jobs', {
    help: 'Jobs by state. Dead-lettered jobs also count as finished.',
    labels: ['state'],
  });
  const oldest = metrics.gauge('pdf_tools_oldest_job_age_seconds', {
    help: 'Time that the oldest job has been in a state, 0 without one.',
    labels: ['state'],
  });
  const queuedBytes = metrics.gauge('pdf_tools_queued_bytes', { help: 'Total size of the files of queued jobs.' });
  const memory = metrics.gauge('pdf_tools_redis_memory_used_ratio', {
    help: 'Share of Redis’s maxmemory in use. Above 0.8 no new jobs are accepted.',
  });
  const pending = metrics.gauge('pdf_tools_webhooks_owed', { help: 'Webhooks that are pending.' });
  const wanted = metrics.gauge('pdf_tools_workers_wanted', {
    help: 'Workers that can run all unfinished jobs at once: queued and active jobs, divided by the jobs that a worker runs at a time, rounded up.',
  });
  const free = metrics.gauge('pdf_tools_disk_free_bytes', { help: 'Bytes that can still be written to the volume.' });
  const size = metrics.gauge('pdf_tools_disk_size_bytes', { help: 'Size of the volume’s file system.' });

  const readRedis = async (counting: Promise<JobCounts>): Promise<void> => {
    const [counts, ages, backlog, headroom, webhooks] = await Promise.all([
      counting,
      inspection.oldest(Date.now()),
      store.backlog(),
      store.headroom(),
      outbox.size(),
    ]);
    for (const [state, count] of Object.entries(byState(counts))) jobs.set({ state }, count);
    for (const [state, ms] of Object.entries(byState(ages))) oldest.set({ state }, ms / 1_000);
    queuedBytes.set(backlog.bytes);
    memory.set(headroom.memoryShare);
    pending.set(webhooks);
  };
  const readWorkers = async (counting: Promise<JobCounts>): Promise<void> => {
    const [{ queued, active }, live] = await Promise.all([counting, workers.live(MAX_WORKERS)]);
    wanted.set(
      workersWanted(
        queued + active,
        live.flatMap(({ details }) => details?.concurrency ?? []),
      ),
    );
  };
  const readDisk = async (): Promise<void> => {
    const space = await storage.space();
    free.set(space.free);
    size.set(space.total);
  };
  metrics.beforeRead(async () => {
    for (const gauge of [jobs, oldest]) gauge.reset();
    // `reset` would set a gauge without labels to 0.
    for (const gauge of [queuedBytes, memory, pending, wanted, free, size]) gauge.remove();
    const counting = inspection.counts();
    await Promise.all(
      [readRedis(counting), readWorkers(counting), readDisk()].map((reading) =>
        reading.catch((error: unknown) => {
          log.warn('metrics not read', { error });
        }),
      ),
    );
  });
}

/** The label of dead-lettered jobs is `dead`. */
function byState({ deadLettered, ...same }: { readonly deadLettered: number }): Record<string, number> {
  return { ...same, dead: deadLettered };
}
