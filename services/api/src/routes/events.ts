import { AppError } from '@pdf-tools/shared/errors';
import type { JobEvents } from '@pdf-tools/shared/job-events';
import { isFinished } from '@pdf-tools/shared/job-record';
import type { JobStore } from '@pdf-tools/shared/job-store';
import type { Logger } from '@pdf-tools/shared/logger';
import type { RequestHandler, Response } from 'express';
import { contextOf } from '../http/context.js';
import { findJob } from '../jobs/find.js';
import { viewJob } from '../jobs/view.js';
import type { Lifecycle } from '../lifecycle.js';
import { idOf } from './jobs.js';

const HEARTBEAT_MS = 15_000;
const MOST_STREAMS = 200;

export interface EventDeps {
  readonly store: JobStore;
  readonly events: JobEvents;
  readonly lifecycle: Lifecycle;
  readonly log: Logger;
}

/**
 * `GET /api/jobs/:id/events`: the job as a server-sent event at once and after each change, until it has ended. Each
 * event is the whole job, so that a client that reconnects has missed nothing, whatever its Last-Event-ID.
 */
export function eventsRoute(deps: EventDeps): RequestHandler {
  let open = 0;
  return async (req, res) => {
    const context = contextOf(res);
    const { id } = await findJob(deps.store, idOf(req), context.owner);
    context.jobId = id;
    if (open >= MOST_STREAMS) throw new AppError('overloaded', 'Too many event streams are open.', { retryAfter: 5 });
    open++;
    res.once('close', () => open--);
    res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
    new EventStream(id, res, deps).start();
  };
}

/** One client's stream. Changes that come while one is being read are told as one. */
class EventStream {
  #number = 0;
  #reading = false;
  #changed = false;

  constructor(
    private readonly id: string,
    private readonly res: Response,
    private readonly deps: EventDeps,
  ) {}

  start(): void {
    const { events, lifecycle } = this.deps;
    const heartbeat = setInterval(() => this.res.write(': still here\n\n'), HEARTBEAT_MS);
    const stopListening = events.onJob(this.id, () => {
      this.#change();
    });
    // The client reconnects by itself, to a process that goes on.
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
    if (!this.#reading) void this.#tell();
  }

  async #tell(): Promise<void> {
    this.#reading = true;
    try {
      while (this.#changed && !this.res.writableEnded) {
        this.#changed = false;
        await this.#tellOnce();
      }
    } catch (error) {
      this.deps.log.debug('could not read a job for its event stream', { error });
      this.res.end();
    } finally {
      this.#reading = false;
    }
  }

  async #tellOnce(): Promise<void> {
    const job = await this.deps.store.get(this.id);
    if (!job) {
      this.res.end('event: gone\ndata: {}\n\n');
      return;
    }
    const view = await viewJob(job, this.deps.store);
    this.res.write(`id: ${++this.#number}\nevent: job\ndata: ${JSON.stringify(view)}\n\n`);
    if (isFinished(job.status)) this.res.end();
  }
}
