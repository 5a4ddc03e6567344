import type { Redis } from '@pdf-tools/runtime/redis';
import { scriptRunner } from '@pdf-tools/runtime/redis-script';
import { withTimeout } from '@pdf-tools/runtime/redis-timeout';
import { KEYS } from './keys.js';
import { decodeRecord, hashOf } from './record.js';
import type { JobRecord } from './record.js';
import { SCRIPTS } from './scripts.js';
import type { ScriptName } from './scripts.js';

/** A webhook that a scheduler has taken to deliver. */
export interface PendingWebhook {
  /** The job as it was when it ended. */
  readonly job: JobRecord;
  readonly callbackUrl: string;
  /** Number of this attempt, from 1. */
  readonly attempt: number;
}

/** The durable list of webhooks to deliver. The scripts that end jobs add to it. */
export class WebhookOutbox {
  readonly #run: ReturnType<typeof scriptRunner<ScriptName>>;

  constructor(private readonly redis: Redis) {
    this.#run = scriptRunner(redis, SCRIPTS);
  }

  /** Takes at most `limit` webhooks that are due. Other schedulers do not get them for `leaseMs`. */
  async take(limit: number, leaseMs: number): Promise<PendingWebhook[]> {
    const replies = (await this.#run('takeWebhooks', limit, leaseMs)) as string[][];
    return replies.map((pairs) => decodeWebhook(hashOf(pairs)));
  }

  /**
   * Removes a webhook that was delivered or has failed permanently. Returns false if the job was deleted or another
   * scheduler has taken the webhook.
   */
  async settle({ job, attempt }: PendingWebhook): Promise<boolean> {
    return (await this.#run('settleWebhook', job.id, job.version, attempt)) === 1;
  }

  /** Schedules the next attempt. Returns false if the job was deleted or another scheduler has taken the webhook. */
  async defer({ job, attempt }: PendingWebhook, delayMs: number): Promise<boolean> {
    return (await this.#run('deferWebhook', job.id, job.version, attempt, Math.round(delayMs))) === 1;
  }

  /** Returns the number of pending webhooks. */
  async size(): Promise<number> {
    return withTimeout(this.redis.zCard(KEYS.webhooks));
  }
}

function decodeWebhook(hash: Readonly<Record<string, string>>): PendingWebhook {
  return { job: decodeRecord(hash), callbackUrl: hash.callback_url ?? '', attempt: Number(hash.deliveries) };
}
