import { AppError } from '@pdf-tools/runtime/errors';
import type { JobEvents } from '@pdf-tools/jobs/events';
import { isFinished } from '@pdf-tools/jobs/record';
import { lastEventId } from '../http/last-event-id.js';
import type { JobStore } from '@pdf-tools/jobs/store';
import type { Logger } from '@pdf-tools/runtime/logger';
import type { Storage } from '@pdf-tools/runtime/storage';
import type { RequestHandler, Response } from 'express';
import type { ApiConfig } from '../config.js';
import { clientKey } from '../http/client-key.js';
import { ClientSlots } from '../http/client-slots.js';
import { contextOf } from '../http/context.js';
import { findJob } from '../jobs/find.js';
import { viewJob } from '../jobs/view.js';
import type { Lifecycle } from '../lifecycle.js';
import { idOf } from './jobs.js';

const HEARTBEAT_MS = 15_000;
const RECONNECT_MS = 2_000;
/** Limit of event streams per client, with RATE_LIMIT=off and on. nginx has the same limits (nginx/snippets). */
const MAX_STREAMS_PER_CLIENT = { off: 150, on: 50 };
const MAX_STREAMS = 200;

export interface EventDeps {
  readonly config: Pick<ApiConfig, 'RATE_LIMIT'>;
  readonly store: JobStore;
  readonly storage: Pick<Storage, 'readReport'>;
  readonly events: JobEvents;
  readonly lifecycle: Lifecycle;
  readonly log: Logger;
}

/**
 * `GET /api/jobs/:id/events` sends the job as a server-sent event at once and after each change, until it ends. An event
 * holds the whole job and its version, so a client that reconnects to any replica misses nothing. It gets the job at once
 * unless its Last-Event-ID is the current version. A client that has received the end gets 204, which ends an EventSource.
 */
export function eventsRoute(deps: EventDeps): RequestHandler {
  const slots = new ClientSlots(MAX_STREAMS_PER_CLIENT[deps.config.RATE_LIMIT ? 'on' : 'off'], MAX_STREAMS);
  return async (req, res) => {
    const context = contextOf(res);
    const job = await findJob(deps.store, idOf(req), context.owner);
    context.jobId = job.id;
    const seen = lastEventId(req.headers['last-event-id']);
    const isCurrent = seen !== undefined && seen >= job.version;
    if (isCurrent && isFinished(job.status)) {
      res.status(204).setHeader('Cache-Control', 'no-store').end();
      return;
    }
    // If the client left while the job was read, `close` has passed and would never release the slot.
    if (res.destroyed) return;
    res.once('close', takeSlot(slots, clientKey(req, res)));
    res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
    res.write(`retry: ${RECONNECT_MS}\n\n`);
    new EventStream(job.id, isCurrent ? job.version : undefined, res, deps).start();
  };
}

/** Takes a slot for a stream and returns its release. Throws the error that names the limit if there is no slot. */
function takeSlot(slots: ClientSlots, client: string): () => void {
  const slot = slots.take(client);
  if (slot === 'client')
    throw new AppError(
      'rate_limited',
      `At most ${slots.perClient} event streams per client may be open. Close one first.`,
      { retryAfter: 5, errors: [{ limit: slots.perClient, message: `must be at most ${slots.perClient} streams` }] },
    );
  if (slot === 'total')
    throw new AppError(
      'overloaded',
      `At most ${MAX_STREAMS} event streams may be open on this server, and all are taken. Try again in 5 s.`,
      { retryAfter: 5, errors: [{ limit: MAX_STREAMS, message: `must be at most ${MAX_STREAMS} streams` }] },
    );
  return slot;
}

/** The stream of one client. Changes that come while the job is read are sent as one event. */
class EventStream {
  #reading = false;
  #changed = false;

  constructor(
    private readonly id: string,
    /** Version that the client has received. */
    private sentVersion: number | undefined,
    private readonly res: Response,
    private readonly deps: EventDeps,
  ) {}

  start(): void {
    const { events, lifecycle } = this.deps;
    const heartbeat = setInterval(() => this.res.write(': still here\n\n'), HEARTBEAT_MS);
    const stopListening = events.onJob(this.id, () => {
      this.#change();
    });
    // The client reconnects to another replica.
    const forgetStop = lifecycle.onStop(() => this.res.end());
    this.res.once('close', () => {
      clearInterval(heartbeat);
      stopListening();
      forgetStop();
    });
    this.#change();
  }

  #change(): void {
    this.#changed = true;
    if (!this.#reading) void this.#send();
  }

  async #send(): Promise<void> {
    this.#reading = true;
    try {
      while (this.#changed && !this.res.writableEnded) {
        this.#changed = false;
        await this.#sendOnce();
      }
    } catch (error) {
      this.deps.log.debug('could not read a job for its event stream', { error });
      this.res.end();
    } finally {
      this.#reading = false;
    }
  }

  async #sendOnce(): Promise<void> {
    const job = await this.deps.store.get(this.id);
    if (!job) {
      this.res.end('event: gone\ndata: {}\n\n');
      return;
    }
    if (job.version === this.sentVersion) return;
    const view = await viewJob(job, this.deps);
    this.sentVersion = job.version;
    this.res.write(`id: ${job.version}\nevent: job\ndata: ${JSON.stringify(view)}\n\n`);
    if (isFinished(job.status)) this.res.end();
  }
}
