import { parseJobRecord } from './record.js';
import type { JobRecord } from './record.js';
import type { Redis } from '@pdf-tools/runtime/redis';
import { scriptRunner } from '@pdf-tools/runtime/redis-script';
import { timeboxed } from '@pdf-tools/runtime/timebox';
import { KEYS } from './keys.js';
import { SCRIPTS } from './scripts.js';
import type { ScriptName } from './scripts.js';

/** A webhook that was taken to be sent. */
export interface OwedWebhook {
  /** The job as it was at its end. */
  readonly job: JobRecord;
  readonly callbackUrl: string;
  /** Number of this attempt, from 1. */
  readonly attempt: number;
}

/** The durable list of webhooks that are owed. The scripts that end jobs put them in. */
export class WebhookOutbox {
  readonly #run: ReturnType<typeof scriptRunner<ScriptName>>;

  constructor(private readonly redis: Redis) {
    this.#run = scriptRunner(redis, SCRIPTS);
  }

  /** Takes at most `limit` webhooks that are due for `leaseMs`: as long nobody else gets them. */
  async take(limit: number, leaseMs: number): Promise<OwedWebhook[]> {
    const rows = (await this.#run('takeWebhooks', limit, leaseMs)) as string[][];
    return rows.map((pairs) => readWebhook(pairs));
  }

  /** Ends what is owed: it was delivered or given up. False where the job was deleted or the lease is another's. */
  async settle({ job, attempt }: OwedWebhook): Promise<boolean> {
    return (await this.#run('settleWebhook', job.id, job.version, attempt)) === 1;
  }

  /** Has it tried again in `delayMs`. False where the job was deleted or the lease is another's. */
  async postpone({ job, attempt }: OwedWebhook, delayMs: number): Promise<boolean> {
    return (await this.#run('deferWebhook', job.id, job.version, attempt, Math.round(delayMs))) === 1;
  }

  /** How many webhooks are owed. */
  async size(): Promise<number> {
    return timeboxed(this.redis.zCard(KEYS.webhooks));
  }
}

function readWebhook(pairs: readonly string[]): OwedWebhook {
  const hash: Record<string, string> = {};
  for (let i = 0; i + 1 < pairs.length; i += 2) hash[pairs[i] ?? ''] = pairs[i + 1] ?? '';
  return { job: parseJobRecord(hash), callbackUrl: hash.callback_url ?? '', attempt: Number(hash.deliveries) };
}
