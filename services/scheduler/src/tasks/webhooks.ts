import { viewRecord } from '@pdf-tools/jobs/view';
import { shortId } from '@pdf-tools/runtime/logger';
import type { Logger } from '@pdf-tools/runtime/logger';
import type { OpenSpan, Tracing } from '@pdf-tools/runtime/tracing';
import type { WebhookPolicy } from '@pdf-tools/jobs/webhook-config';
import type { PendingWebhook, WebhookOutbox } from '@pdf-tools/jobs/webhook-outbox';
import type { SchedulerMetrics } from '../metrics.js';
import type { Task } from '../task.js';
import { sendPost } from '../webhooks/send.js';
import type { Post } from '../webhooks/send.js';
import { signatureHeaders } from '../webhooks/sign.js';

const INTERVAL_MS = 500;
const MAX_CONCURRENT = 8;
/** Far longer than any attempt. A webhook whose lease runs out was taken by a scheduler that has died. */
const LEASE_MS = 60_000;
const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];
const RETRY_AFTER_MS = [
  ...[5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE],
  ...[2 * HOUR, 6 * HOUR, 12 * HOUR],
] as const;
/** Largest random share that is added to a delay, so that webhooks that failed together are not retried together. */
const JITTER = 0.2;
/** The receiver wants no more webhooks (Standard Webhooks specification). */
const GONE = 410;
/** Time for running attempts to end on shutdown. After that they are aborted and count as failed. */
const SHUTDOWN_MS = 4_000;

export interface DeliveryOptions {
  readonly outbox: WebhookOutbox;
  /** Every webhook is signed with each of these keys. */
  readonly keys: readonly Buffer[];
  readonly policy: WebhookPolicy;
  readonly log: Logger;
  readonly metrics: Pick<SchedulerMetrics, 'webhooks' | 'webhookTime'>;
  readonly tracing: Tracing;
}

/** Posts ended jobs to their callback URLs. A delivery that fails is retried for about a day. */
export class WebhookDelivery {
  readonly #running = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  #closed = false;

  constructor(private readonly options: DeliveryOptions) {}

  /** Starts every webhook that is due. A run of the task ends before its attempts do. */
  get task(): Task {
    return { name: 'deliver-webhooks', intervalMs: INTERVAL_MS, quiet: true, run: () => this.#deliverDue() };
  }

  /** Takes no more webhooks and waits for the running attempts. */
  async close(): Promise<void> {
    this.#closed = true;
    const timer = setTimeout(() => {
      this.#abort.abort();
    }, SHUTDOWN_MS);
    await Promise.all(this.#running);
    clearTimeout(timer);
  }

  async #deliverDue(): Promise<{ webhooks: number }> {
    let webhooks = 0;
    while (!this.#closed) {
      const room = MAX_CONCURRENT - this.#running.size;
      const pending = room > 0 ? await this.options.outbox.take(room, LEASE_MS) : [];
      for (const webhook of pending) this.#start(webhook);
      webhooks += pending.length;
      if (pending.length < room) break;
      await Promise.race(this.#running);
    }
    return { webhooks };
  }

  #start(webhook: PendingWebhook): void {
    const log = this.options.log.child({
      job_id: shortId(webhook.job.id),
      host: URL.canParse(webhook.callbackUrl) ? new URL(webhook.callbackUrl).host : '',
      attempt: webhook.attempt,
    });
    const work = this.#attempt(webhook, log)
      .catch((error: unknown) => {
        // The webhook is due again when its lease runs out.
        log.error('webhook outcome not recorded', { error });
      })
      .finally(() => this.#running.delete(work));
    this.#running.add(work);
  }

  #span({ job, attempt }: PendingWebhook): OpenSpan {
    const attributes = { 'pdf_tools.job_id': shortId(job.id), 'pdf_tools.attempt': attempt };
    return this.options.tracing.begin('webhook', { kind: 'client', parent: job.traceparent, attributes });
  }

  async #attempt(webhook: PendingWebhook, log: Logger): Promise<void> {
    const { outbox, policy, keys, metrics } = this.options;
    const started = Date.now();
    const span = this.#span(webhook);
    const post = createPost(webhook, keys, started);
    const outcome = await sendPost(post, { policy, signal: this.#abort.signal }).catch(reasonOf);
    const figures = { outcome, ms: Date.now() - started };
    span.end({
      attributes: { 'pdf_tools.outcome': outcome },
      failed: typeof outcome !== 'number' || !isSuccess(outcome),
    });
    metrics.webhookTime.observe(figures.ms / 1_000);
    if (typeof outcome === 'number' && (isSuccess(outcome) || outcome === GONE)) {
      await outbox.settle(webhook);
      metrics.webhooks.inc({ outcome: isSuccess(outcome) ? 'delivered' : 'unwanted' });
      log.info(isSuccess(outcome) ? 'webhook delivered' : 'webhook refused by receiver', figures);
      return;
    }
    const delay = RETRY_AFTER_MS[webhook.attempt - 1];
    if (delay === undefined) {
      await outbox.settle(webhook);
      metrics.webhooks.inc({ outcome: 'given_up' });
      log.error('webhook failed permanently', figures);
    } else {
      const retryInMs = delay * (1 + Math.random() * JITTER);
      await outbox.defer(webhook, retryInMs);
      metrics.webhooks.inc({ outcome: 'failed' });
      log.warn('webhook failed', { ...figures, retry_in_ms: Math.round(retryInMs) });
    }
  }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** Body and id are the same in every attempt, so that a receiver can drop repeated webhooks by their id. */
function createPost({ job, callbackUrl }: PendingWebhook, keys: readonly Buffer[], now: number): Post {
  const ended = new Date(job.finished_at ?? job.created_at).toISOString();
  const body = JSON.stringify({ type: 'job.finished', timestamp: ended, data: viewRecord(job) });
  const message = { id: `${job.id}-${job.version}`, timestamp: Math.floor(now / 1_000), body };
  return {
    url: callbackUrl,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'pdf-tools-webhooks',
      ...signatureHeaders(message, keys),
    },
    body,
  };
}

/** Returns why there was no response. It leaves out the URL, whose path can be a secret of the client. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  const code = 'code' in error ? String(error.code) : '';
  return code === '' ? error.message : code;
}
