import { Metrics, startAtZero } from '@pdf-tools/runtime/metrics';
import { EXIT_REASONS } from './member.js';
import type { Pool } from './pool.js';

/** Returns the metrics of the worker, besides those of the process. */
export function createWorkerMetrics(build: { readonly version: string; readonly revision: string }) {
  const metrics = new Metrics(build);
  const restarts = metrics.counter('pdf_tools_child_restarts_total', {
    help: 'Child processes that were replaced, by reason: worn has run its maximum number of jobs, swollen holds too much memory, other_client makes room for another client.',
    labels: ['reason'],
  });
  startAtZero(restarts, 'reason', EXIT_REASONS);
  return {
    all: metrics,
    restarts,
    ended: metrics.counter('pdf_tools_jobs_ended_total', {
      help: 'Runs of jobs by outcome: succeeded, failed with a code, requeued, stopped, or lost to another worker.',
      labels: ['operation', 'outcome', 'code'],
    }),
    queueTime: metrics.seconds('pdf_tools_job_queue_seconds', {
      help: 'Time from the acceptance of a job to its first claim.',
      labels: ['operation'],
    }),
    processTime: metrics.seconds('pdf_tools_job_process_seconds', {
      help: 'Time of a run in a child process.',
      labels: ['operation'],
    }),
    deliverTime: metrics.seconds('pdf_tools_job_deliver_seconds', {
      help: 'Time from the end of the work until the result is on the disk and recorded.',
      labels: ['operation'],
    }),
    inputBytes: metrics.counter('pdf_tools_job_input_bytes_total', {
      help: 'Bytes of the files of jobs that succeeded.',
      labels: ['operation'],
    }),
    outputBytes: metrics.counter('pdf_tools_job_output_bytes_total', {
      help: 'Bytes of their results.',
      labels: ['operation'],
    }),
    savedBytes: metrics.counter('pdf_tools_saved_bytes_total', {
      help: 'Bytes by which compressed files became smaller.',
    }),
    /** Adds the gauges of a pool, which are updated when the metrics are read. */
    watch: (pool: Pick<Pool, 'children'>, concurrency: number) => {
      watchPool(metrics, pool, concurrency);
    },
  };
}

export type WorkerMetrics = ReturnType<typeof createWorkerMetrics>;

function watchPool(metrics: Metrics, pool: Pick<Pool, 'children'>, concurrency: number): void {
  metrics.gauge('pdf_tools_worker_concurrency', { help: 'Jobs that this worker runs at a time.' }).set(concurrency);
  const children = metrics.gauge('pdf_tools_children', {
    help: 'Child processes by state.',
    labels: ['state'],
  });
  const resident = metrics.gauge('pdf_tools_children_resident_bytes', {
    help: 'Resident memory of all child processes.',
  });
  const largest = metrics.gauge('pdf_tools_child_resident_max_bytes', {
    help: 'Resident memory of the largest child process.',
  });
  metrics.beforeRead(() => {
    const now = pool.children();
    const busy = now.filter(({ job }) => job !== null).length;
    children.set({ state: 'busy' }, busy);
    children.set({ state: 'idle' }, now.length - busy);
    resident.set(now.reduce((sum, { rss_bytes }) => sum + rss_bytes, 0));
    largest.set(Math.max(0, ...now.map(({ rss_bytes }) => rss_bytes)));
    return Promise.resolve();
  });
}
