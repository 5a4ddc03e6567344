import { getJob, request } from './client.js';
import { readEvents } from './events.js';
import { nextKey } from './key.js';
import { ConnectionLost, ProblemError } from './problem.js';
import type { Job } from './types.js';
import { backoff, pause } from './wait.js';

/** An open stream without an event or a heartbeat for this time is dead. The server sends a heartbeat every 15 s. */
const SILENCE_MS = 40_000;
/** A proxy that holds back events delivers none at the start, when the server sends the job at once. */
const FIRST_EVENT_MS = 5_000;
const POLL_MS = 1_500;
const RECONNECT_MS = 500;
/** Browsers open six connections to a server over HTTP/1.1. The other jobs are polled. */
const MAX_STREAMS = 3;

let streams = 0;

export interface Follower {
  readonly signal: AbortSignal;
  readonly onJob: (job: Job) => void;
  /** Whether the server can be reached. */
  readonly onConnection: (isConnected: boolean) => void;
  /** The server does not have the job. */
  readonly onGone: () => void;
}

/** Follows a job until it ends, through lost connections and restarts of the server. Rejects only when the signal aborts. */
export async function follow(id: string, follower: Follower): Promise<void> {
  const { signal, onConnection, onGone } = follower;
  let failures = 0;
  let streamWorks = true;
  for (;;) {
    try {
      const useStream = streamWorks && streams < MAX_STREAMS;
      const state = useStream ? await stream(id, follower) : await poll(id, follower);
      if (state === 'ended') return;
      if (state === 'silent') streamWorks = false;
      failures = 0;
    } catch (error) {
      signal.throwIfAborted();
      if (isGone(error)) {
        onGone();
        return;
      }
      failures += 1;
      await recover(error, { failures, signal, onConnection });
    }
  }
}

function isGone(error: unknown): boolean {
  return error instanceof ProblemError && ['job_not_found', 'expired'].includes(error.problem.code);
}

/** Whether the network failed, or nginx found no server behind it. */
function isUnreachable(error: unknown): boolean {
  return error instanceof ConnectionLost || (error instanceof ProblemError && error.problem.code === 'bad_gateway');
}

interface Recovery {
  readonly failures: number;
  readonly signal: AbortSignal;
  readonly onConnection: (isConnected: boolean) => void;
}

/** Waits until another attempt makes sense: for a key, for the time that the server names, or for the network. */
export async function recover(error: unknown, { failures, signal, onConnection }: Recovery): Promise<void> {
  if (error instanceof ProblemError && error.problem.code === 'unauthorized') {
    await nextKey(signal);
    return;
  }
  if (isUnreachable(error)) onConnection(false);
  const wanted = error instanceof ProblemError ? (error.retryAfter ?? 0) * 1_000 : 0;
  await pause(Math.max(wanted, backoff(failures)), signal);
}

async function poll(id: string, { signal, onJob, onConnection }: Follower): Promise<'ended' | 'open'> {
  const job = await getJob(id, signal);
  onConnection(true);
  onJob(job);
  if (isFinished(job)) return 'ended';
  await pause(POLL_MS, signal);
  return 'open';
}

type StreamEnd = 'ended' | 'open' | 'silent';

/** Reads events until the job ends, the server closes the stream, or no event arrives at its start. */
async function stream(id: string, follower: Follower): Promise<StreamEnd> {
  const watch = new SilenceWatch(follower.signal);
  streams += 1;
  try {
    const headers = { Accept: 'text/event-stream' };
    const { body } = await request(`/api/jobs/${id}/events`, { headers, signal: watch.signal });
    if (!body) return 'silent';
    watch.expect(FIRST_EVENT_MS);
    for await (const { event, data } of readEvents(body)) {
      watch.expect(SILENCE_MS);
      watch.received += 1;
      follower.onConnection(true);
      if (isLast(event, data, follower)) return 'ended';
    }
    await pause(RECONNECT_MS, follower.signal);
    return 'open';
  } catch (error) {
    follower.signal.throwIfAborted();
    if (watch.isSilent && navigator.onLine) return watch.received === 0 ? 'silent' : 'open';
    throw error instanceof ProblemError ? error : new ConnectionLost(error);
  } finally {
    watch.end();
    streams -= 1;
  }
}

/** Passes an event on. Returns whether it is the last one. */
function isLast(event: string, data: string, { onGone, onJob }: Follower): boolean {
  if (event === 'gone') onGone();
  if (event !== 'job') return event === 'gone';
  const job = JSON.parse(data) as Job;
  onJob(job);
  return isFinished(job);
}

/** Aborts a request when nothing arrives in time, or when the browser loses its network. */
class SilenceWatch {
  readonly signal: AbortSignal;
  received = 0;
  readonly #silence = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(outer: AbortSignal) {
    this.signal = AbortSignal.any([outer, this.#silence.signal]);
    this.expect(SILENCE_MS);
    addEventListener('offline', this.end);
  }

  get isSilent(): boolean {
    return this.#silence.signal.aborted;
  }

  /** Expects something within this time. */
  expect(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.end, ms);
  }

  readonly end = (): void => {
    clearTimeout(this.#timer);
    removeEventListener('offline', this.end);
    this.#silence.abort();
  };
}

/** Whether a job has ended. */
export function isFinished({ status }: Pick<Job, 'status'>): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'cancelled';
}
