import { AppError } from '@pdf-tools/runtime/errors';
import type { RequestHandler } from 'express';
import type { AdminDeps } from './app.js';

const HEARTBEAT_MS = 15_000;
const MAX_STREAMS = 20;
/** What may wait for a reader that does not keep up, in bytes; after that it is cut off rather than the api filled. */
const MAX_UNSENT_BYTES = 1_048_576;

/**
 * `GET /admin/api/events`: every change of every job as it happens, as server-sent events `job`. What happened before,
 * or while Redis was away (event `gap`), is not told again: the lists have it.
 */
export function adminEventsRoute({ events, lifecycle }: Pick<AdminDeps, 'events' | 'lifecycle'>): RequestHandler {
  let open = 0;
  return (_req, res) => {
    if (open >= MAX_STREAMS) throw new AppError('overloaded', 'Too many event streams are open.', { retryAfter: 5 });
    open++;
    res.writeHead(200, { 'Content-Type': 'text/event-stream' });
    res.write(': every change of every job from now on\n\n');
    const heartbeat = setInterval(() => res.write(': still here\n\n'), HEARTBEAT_MS);
    const stopListening = events.onAny((event) => {
      const time = new Date().toISOString();
      res.write(`event: ${event ? 'job' : 'gap'}\ndata: ${JSON.stringify({ time, ...event })}\n\n`);
      if (res.writableLength > MAX_UNSENT_BYTES) res.destroy();
    });
    const forgetStop = lifecycle.onStop(() => res.end());
    res.once('close', () => {
      open--;
      clearInterval(heartbeat);
      stopListening();
      forgetStop();
    });
  };
}
