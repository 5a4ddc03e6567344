import type { Logger } from '@pdf-tools/runtime/logger';
import type { Redis } from '@pdf-tools/runtime/redis';
import { CHANNELS } from './keys.js';
import { untilAnswered } from '@pdf-tools/runtime/until-answered';

/** A change of a job, as it is published by the scripts that make it. */
export interface JobEvent {
  readonly id: string;
  readonly status: 'queued' | 'active' | 'succeeded' | 'failed' | 'cancelled' | 'deleted' | 'expired';
  readonly percent?: number;
  readonly stage?: string;
}

/** Calls `stop` with the id of each running job that must stop. A missed one is found when its lease is renewed. */
export async function onStop(subscriber: Redis, log: Logger, stop: (id: string) => void): Promise<void> {
  await subscribe(subscriber, log, CHANNELS.stop, stop);
}

/** A connection that breaks just now is no reason for a service to end: it would be started again, and wait again. */
async function subscribe(subscriber: Redis, log: Logger, channel: string, listen: (message: string) => void) {
  await untilAnswered(() => subscriber.subscribe(channel, listen), log);
}

/** `undefined` instead of an event: the connection was away, events may be missing, so look for yourself. */
type Listener = (event: JobEvent | undefined) => void;

/**
 * The stream of job changes, over a Redis connection of its own. A publication is not stored: whoever waits for one
 * registers first, then reads the record, and reads it again when told that the connection was away.
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
      this.#missed();
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

  /** Calls `listener` for every change of every job until the returned function is called. */
  onAny(listener: Listener): () => void {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  }

  #deliver(message: string): void {
    let event: JobEvent;
    try {
      event = JSON.parse(message) as JobEvent;
    } catch (error) {
      this.log.error('unreadable job event', { error });
      return;
    }
    for (const listener of [...(this.#byJob.get(event.id) ?? []), ...this.#all]) listener(event);
  }

  #missed(): void {
    for (const listener of [...this.#byJob.values()].flatMap((set) => [...set])) listener(undefined);
    for (const listener of this.#all) listener(undefined);
  }
}
