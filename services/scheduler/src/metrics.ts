import { deletionsOf, Metrics, startAtZero } from '@pdf-tools/runtime/metrics';

export const DELETION_REASONS = ['expired', 'queued too long', 'no such job', 'long past any retention'] as const;
const WEBHOOK_OUTCOMES = ['delivered', 'unwanted', 'failed', 'given_up'] as const;

/** Every metric of the scheduler beside the process's own and those of stock.ts. */
export function createSchedulerMetrics(build: { readonly version: string; readonly revision: string }) {
  const metrics = new Metrics(build);
  const webhooks = metrics.counter('pdf_tools_webhook_attempts_total', {
    help: 'Attempts to deliver a webhook, by their outcome.',
    labels: ['outcome'],
  });
  startAtZero(webhooks, 'outcome', WEBHOOK_OUTCOMES);
  return {
    all: metrics,
    deletions: deletionsOf(metrics, DELETION_REASONS),
    webhooks,
    webhookTime: metrics.seconds('pdf_tools_webhook_duration_seconds', {
      help: 'Time of an attempt to deliver a webhook.',
    }),
    recovered: metrics.counter('pdf_tools_jobs_recovered_total', {
      help: 'Jobs that were taken back from a worker that fell silent.',
    }),
    taskFailures: metrics.counter('pdf_tools_task_failures_total', {
      help: 'Runs of a repeated task that failed.',
      labels: ['task'],
    }),
    taskSuccess: metrics.gauge('pdf_tools_task_success_timestamp_seconds', {
      help: 'When a repeated task last ended well.',
      labels: ['task'],
    }),
  };
}

export type SchedulerMetrics = ReturnType<typeof createSchedulerMetrics>;
