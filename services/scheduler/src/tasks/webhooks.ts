import { viewRecord } from '@pdf-tools/jobs/view';
import { shortId } from '@pdf-tools/runtime/logger';
import type { Logger } from '@pdf-tools/runtime/logger';
import type { OpenSpan, Tracing } from '@pdf-tools/runtime/tracing';
import type { WebhookPolicy } from '@pdf-tools/jobs/webhook-config';
import type { OwedWebhook, WebhookOutbox } from '@pdf-tools/jobs/webhook-outbox';
import type { SchedulerMetrics } from '../metrics.js';
import type { Task } from '../task.js';
import { sendPost } from '../webhooks/send.js';
import type { Post } from '../webhooks/send.js';
import { signatureHeaders } from '../webhooks/sign.js';

const INTERVAL_MS = 500;
const MOST_AT_ONCE = 8;
/** Far above the longest attempt: a webhook is due again only when its taker must be dead. */
const LEASE_MS = 60_000;
const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];
const RETRY_AFTER_MS = [
  ...[5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE],
  ...[2 * HOUR, 6 * HOUR, 12 * HOUR],
] as const;
/** Longest part that chance adds, so that what failed together is not repeated together. */
const JITTER = 0.2;
/** The receiver wants no more (410 Gone), after the Standard Webhooks specification. */
const GONE = 410;
/** What attempts underway have to end on an orderly stop; then they are broken off and count as failed. */
const LAST_ANSWERS_MS = 4_000;

export interface DeliveryOptions {
  readonly outbox: WebhookOutbox;
  /** Keys that every webhook is signed with. */
  readonly keys: readonly Buffer[];
  readonly policy: WebhookPolicy;
  readonly log: Logger;
  readonly metrics: Pick<SchedulerMetrics, 'webhooks' | 'webhookTime'>;
  readonly tracing: Tracing;
}

/** Posts ended jobs to the address that their call named, again and again until it is taken or given up. */
export class WebhookDelivery {
  readonly #underway = new Set<Promise<void>>();
  readonly #breakOff = new AbortController();
  #closed = false;

  constructor(private readonly options: DeliveryOptions) {}

  /** Takes what is due; returns as soon as nothing more is, while attempts may still be underway. */
  get task(): Task {
    return { name: 'deliver-webhooks', intervalMs: INTERVAL_MS, quiet: true, run: () => this.#deliverDue() };
  }

  /** Takes no more and waits for the attempts underway. */
  async close(): Promise<void> {
    this.#closed = true;
    const timer = setTimeout(() => {
      this.#breakOff.abort();
    }, LAST_ANSWERS_MS);
    await Promise.all(this.#underway);
    clearTimeout(timer);
  }

  async #deliverDue(): Promise<{ webhooks: number }> {
    let webhooks = 0;
    while (!this.#closed) {
      const room = MOST_AT_ONCE - this.#underway.size;
      const owed = room > 0 ? await this.options.outbox.take(room, LEASE_MS) : [];
      for (const webhook of owed) this.#start(webhook);
      webhooks += owed.length;
      if (owed.length < room) break;
      await Promise.race(this.#underway);
    }
    return { webhooks };
  }

  #start(webhook: OwedWebhook): void {
    const log = this.options.log.child({
      job_id: shortId(webhook.job.id),
      host: URL.canParse(webhook.callbackUrl) ? new URL(webhook.callbackUrl).host : '',
      attempt: webhook.attempt,
    });
    const work = this.#attempt(webhook, log)
      .catch((error: unknown) => {
        // Its lease makes it due again.
        log.error('webhook outcome not recorded', { error });
      })
      .finally(() => this.#underway.delete(work));
    this.#underway.add(work);
  }

  #span({ job, attempt }: OwedWebhook): OpenSpan {
    const attributes = { 'pdf_tools.job_id': shortId(job.id), 'pdf_tools.attempt': attempt };
    return this.options.tracing.begin('webhook', { kind: 'client', parent: job.traceparent, attributes });
  }

  async #attempt(webhook: OwedWebhook, log: Logger): Promise<void> {
    const { outbox, policy, keys, metrics } = this.options;
    const started = Date.now();
    const span = this.#span(webhook);
    const post = describe(webhook, keys, started);
    const outcome = await sendPost(post, { policy, signal: this.#breakOff.signal }).catch(reasonOf);
    const figures = { outcome, ms: Date.now() - started };
    span.end({
      attributes: { 'pdf_tools.outcome': outcome },
      failed: typeof outcome !== 'number' || !isTaken(outcome),
    });
    metrics.webhookTime.observe(figures.ms / 1_000);
    if (typeof outcome === 'number' && (isTaken(outcome) || outcome === GONE)) {
      await outbox.settle(webhook);
      metrics.webhooks.inc({ outcome: isTaken(outcome) ? 'delivered' : 'unwanted' });
      log.info(isTaken(outcome) ? 'webhook delivered' : 'webhook not wanted', figures);
      return;
    }
    const delay = RETRY_AFTER_MS[webhook.attempt - 1];
    if (delay === undefined) {
      await outbox.settle(webhook);
      metrics.webhooks.inc({ outcome: 'given_up' });
      log.error('webhook given up', figures);
    } else {
      const retryInMs = delay * (1 + Math.random() * JITTER);
      await outbox.postpone(webhook, retryInMs);
      metrics.webhooks.inc({ outcome: 'failed' });
      log.warn('webhook failed', { ...figures, retry_in_ms: Math.round(retryInMs) });
    }
  }
}

function isTaken(status: number): boolean {
  return status >= 200 && status < 300;
}

/** The same body and id at every attempt: a receiver drops what it has seen by the id. */
function describe({ job, callbackUrl }: OwedWebhook, keys: readonly Buffer[], now: number): Post {
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

/** Why there was no answer, without the address: its path may hold what only its owner should know. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  const code = 'code' in error ? String(error.code) : '';
  return code === '' ? error.message : code;
}
