import { AppError } from '@pdf-tools/runtime/errors';
import type { RequestHandler } from 'express';
import type { AdminDeps } from './app.js';

const HEARTBEAT_MS = 15_000;
const MAX_STREAMS = 20;
/** Unsent bytes after which a slow reader is disconnected, so that they do not fill the memory of the api. */
const MAX_UNSENT_BYTES = 1_048_576;

/**
 * `GET /admin/api/events` sends every change of every job as a server-sent event `job`. An event `gap` means that changes were
 * lost because Redis was unavailable. Earlier and lost changes are not repeated, but the lists of jobs include them.
 */
export function adminEventsRoute({ events, lifecycle }: Pick<AdminDeps, 'events' | 'lifecycle'>): RequestHandler {
  let open = 0;
  return (_req, res) => {
    if (open >= MAX_STREAMS) throw tooManyStreams();
    open++;
    res.writeHead(200, { 'Content-Type': 'text/event-stream' });
    res.write(': changes of all jobs from now on\n\n');
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

function tooManyStreams(): AppError {
  const detail = `At most ${MAX_STREAMS} event streams of operators may be open. Close one, or try again in 5 s.`;
  const message = `must be at most ${MAX_STREAMS} streams`;
  return new AppError('overloaded', detail, { retryAfter: 5, errors: [{ limit: MAX_STREAMS, message }] });
}
