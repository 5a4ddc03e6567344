import { deletionsOf, Metrics, startAtZero } from '@pdf-tools/runtime/metrics';

export const DELETION_REASONS = ['expired', 'queued too long', 'no such job', 'long past any retention'] as const;
const WEBHOOK_OUTCOMES = ['delivered', 'unwanted', 'failed', 'given_up'] as const;

/** Creates the metrics of the scheduler, except those of the process and of queue-gauges.ts. */
export function createSchedulerMetrics(build: { readonly version: string; readonly revision: string }) {
  const metrics = new Metrics(build);
  const webhooks = metrics.counter('pdf_tools_webhook_attempts_total', {
    help: 'Attempts to deliver a webhook, by outcome.',
    labels: ['outcome'],
  });
  startAtZero(webhooks, 'outcome', WEBHOOK_OUTCOMES);
  return {
    all: metrics,
    deletions: deletionsOf(metrics, DELETION_REASONS),
    webhooks,
    webhookTime: metrics.seconds('pdf_tools_webhook_duration_seconds', {
      help: 'Duration of an attempt to deliver a webhook.',
    }),
    recovered: metrics.counter('pdf_tools_jobs_recovered_total', {
      help: 'Stalled jobs that were requeued or dead-lettered.',
    }),
    taskFailures: metrics.counter('pdf_tools_task_failures_total', {
      help: 'Failed runs of a repeated task.',
      labels: ['task'],
    }),
    taskSuccess: metrics.gauge('pdf_tools_task_success_timestamp_seconds', {
      help: 'Time of the last successful run of a repeated task.',
      labels: ['task'],
    }),
  };
}

export type SchedulerMetrics = ReturnType<typeof createSchedulerMetrics>;
