import type { Logger } from '@pdf-tools/runtime/logger';
import type { Redis } from '@pdf-tools/runtime/redis';
import { retryWhileUnavailable } from '@pdf-tools/runtime/redis-retry';
import { CHANNELS } from './keys.js';
import { decodeRecord, hashOf } from './record.js';
import type { JobRecord } from './record.js';

/** A change of a job, as the Lua scripts publish it. */
export interface JobEvent {
  readonly id: string;
  readonly status: 'queued' | 'active' | 'succeeded' | 'failed' | 'cancelled' | 'deleted' | 'expired';
  readonly percent?: number;
  readonly stage?: string;
  /** The record at the end of the job. Events of an earlier release and those of dead letters lack it. */
  readonly record?: JobRecord;
}

/** An event as it is published. Its record lists names and values alternately. */
type PublishedEvent = Omit<JobEvent, 'record'> & { readonly record?: readonly string[] };

/** Calls `stop` with the id of each running job that must stop. The next lease renewal finds a missed one. */
export async function onStop(subscriber: Redis, log: Logger, stop: (id: string) => void): Promise<void> {
  await subscribe(subscriber, log, CHANNELS.stop, stop);
}

/** Retries, because a connection that breaks during start-up must not end the service. */
async function subscribe(subscriber: Redis, log: Logger, channel: string, listen: (message: string) => void) {
  await retryWhileUnavailable(() => subscriber.subscribe(channel, listen), log);
}

/** Receives `undefined` after a lost connection. It must read the record again then, because events may be missing. */
type Listener = (event: JobEvent | undefined) => void;

/**
 * Receives all job changes over a Redis connection of its own. Redis does not store published events, so a caller that
 * waits for one registers first and then reads the record.
 */
export class JobEvents {
  readonly #byJob = new Map<string, Set<Listener>>();
  readonly #all = new Set<Listener>();

  constructor(
    private readonly subscriber: Redis,
    private readonly log: Logger,
  ) {}

  async start(): Promise<void> {
    this.subscriber.on('ready', () => {
      this.#reportReconnect();
    });
    await subscribe(this.subscriber, this.log, CHANNELS.events, (message) => {
      this.#deliver(message);
    });
  }

  /** Calls `listener` for each change of one job until the returned function is called. */
  onJob(id: string, listener: Listener): () => void {
    const listeners = this.#byJob.get(id) ?? new Set();
    this.#byJob.set(id, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#byJob.delete(id);
    };
  }

  /** Calls `listener` for each change of every job until the returned function is called. */
  onAny(listener: Listener): () => void {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  }

  #deliver(message: string): void {
    const published = this.#attempt(() => JSON.parse(message) as PublishedEvent);
    if (!published) return;
    const { record, ...change } = published;
    const listeners = [...(this.#byJob.get(change.id) ?? [])];
    // Most events are of jobs that another replica waits for.
    const decoded = record && listeners.length > 0 ? this.#attempt(() => decodeRecord(hashOf(record))) : undefined;
    for (const listener of listeners) listener(decoded ? { ...change, record: decoded } : change);
    // Operators see the changes. The record holds secrets of its client.
    for (const listener of [...this.#all]) listener(change);
  }

  /** Returns undefined if `read` throws. A listener reads the record then. */
  #attempt<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      this.log.error('job event unreadable', { error });
      return undefined;
    }
  }

  #reportReconnect(): void {
    for (const listener of [...this.#byJob.values()].flatMap((set) => [...set])) listener(undefined);
    for (const listener of this.#all) listener(undefined);
  }
}
