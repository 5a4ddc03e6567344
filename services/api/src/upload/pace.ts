import { AppError } from '@pdf-tools/runtime/errors';
import type { UploadBody } from './body.js';

const CHECK_MS = 1_000;
const LONGEST_SILENCE_MS = 30_000;
/** After this time a body must have arrived at the slowest pace or better, on average. */
const GRACE_MS = 60_000;
const SLOWEST_BYTES_PER_MS = 1;
const LONGEST_UPLOAD_MS = 900_000;

const AGAIN = 'Send it again over a faster connection.';

/** Ends uploads that are silent, drip, or take for ever; slow but honest ones go on. */
export class UploadPace {
  readonly #bodies = new Set<UploadBody>();
  #timer: NodeJS.Timeout | undefined;

  /** Watches a body until it ends. */
  watch(body: UploadBody): void {
    this.#bodies.add(body);
    body.once('close', () => {
      this.#bodies.delete(body);
      if (this.#bodies.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    });
    this.#timer ??= setInterval(() => {
      this.#check(Date.now());
    }, CHECK_MS).unref();
  }

  #check(now: number): void {
    for (const body of this.#bodies) {
      if (body.isOurs) continue;
      const fault = paceFault(body, now);
      if (fault !== undefined) body.destroy(new AppError('request_timeout', fault));
    }
  }
}

/** What is wrong with a body's pace at the time `now` (ms since the epoch); undefined where nothing is. */
export function paceFault(
  body: Pick<UploadBody, 'startedAt' | 'lastByteAt' | 'received'>,
  now: number,
): string | undefined {
  const age = now - body.startedAt;
  if (now - body.lastByteAt > LONGEST_SILENCE_MS)
    return `No byte of the body arrived for ${LONGEST_SILENCE_MS / 1_000} seconds. ${AGAIN}`;
  if (age > LONGEST_UPLOAD_MS) return `The body took more than ${LONGEST_UPLOAD_MS / 1_000} seconds. ${AGAIN}`;
  if (age > GRACE_MS && body.received < age * SLOWEST_BYTES_PER_MS) return `The body arrived too slowly. ${AGAIN}`;
  return undefined;
}
