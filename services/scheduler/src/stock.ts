import type { JobInspection } from '@pdf-tools/jobs/inspection';
import type { JobStore } from '@pdf-tools/jobs/store';
import type { Logger } from '@pdf-tools/runtime/logger';
import type { Metrics } from '@pdf-tools/runtime/metrics';
import type { Storage } from '@pdf-tools/runtime/storage';
import type { WebhookOutbox } from '@pdf-tools/jobs/webhook-outbox';

export interface Stock {
  readonly inspection: Pick<JobInspection, 'counts' | 'oldest'>;
  readonly store: Pick<JobStore, 'backlog' | 'headroom'>;
  readonly outbox: Pick<WebhookOutbox, 'size'>;
  readonly storage: Pick<Storage, 'space'>;
  readonly log: Logger;
}

/**
 * What all services share, told by one of them: the jobs in each state, their age, the disk. It is looked up whenever
 * the metrics are read; what cannot be looked up is missing then, rather than old.
 */
export function watchStock(metrics: Metrics, stock: Stock): void {
  const { inspection, store, outbox, storage, log } = stock;
  const jobs = metrics.gauge('pdf_tools_jobs', {
    help: 'Jobs by their state; the dead are failed too.',
    labels: ['state'],
  });
  const oldest = metrics.gauge('pdf_tools_oldest_job_age_seconds', {
    help: 'Time that the oldest job has been in a state; 0 where there is none.',
    labels: ['state'],
  });
  const queuedBytes = metrics.gauge('pdf_tools_queued_bytes', { help: 'Bytes of the files of waiting jobs.' });
  const memory = metrics.gauge('pdf_tools_redis_memory_used_ratio', {
    help: 'Share of Redis’s maxmemory in use; above 0.8 no new jobs are accepted.',
  });
  const owed = metrics.gauge('pdf_tools_webhooks_owed', { help: 'Webhooks that are still to be delivered.' });
  const free = metrics.gauge('pdf_tools_disk_free_bytes', { help: 'Bytes that may still be written to the volume.' });
  const size = metrics.gauge('pdf_tools_disk_size_bytes', { help: 'Size of the volume’s file system.' });

  const lookAtRedis = async (): Promise<void> => {
    const [counts, ages, backlog, headroom, webhooks] = await Promise.all([
      inspection.counts(),
      inspection.oldest(Date.now()),
      store.backlog(),
      store.headroom(),
      outbox.size(),
    ]);
    for (const [state, count] of Object.entries<number>({ ...counts })) jobs.set({ state }, count);
    for (const [state, ms] of Object.entries<number>(ages)) oldest.set({ state }, ms / 1_000);
    queuedBytes.set(backlog.bytes);
    memory.set(headroom.memoryShare);
    owed.set(webhooks);
  };
  const lookAtDisk = async (): Promise<void> => {
    const space = await storage.space();
    free.set(space.free);
    size.set(space.total);
  };
  metrics.beforeRead(async () => {
    for (const gauge of [jobs, oldest]) gauge.reset();
    // That of a gauge without labels would set it to 0.
    for (const gauge of [queuedBytes, memory, owed, free, size]) gauge.remove();
    await Promise.all(
      [lookAtRedis(), lookAtDisk()].map((look) =>
        look.catch((error: unknown) => {
          log.warn('metrics not looked up', { error });
        }),
      ),
    );
  });
}
