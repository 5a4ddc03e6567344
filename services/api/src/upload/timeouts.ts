import { AppError } from '@pdf-tools/runtime/errors';
import type { UploadBody } from './body.js';

const CHECK_MS = 1_000;
const MAX_SILENCE_MS = 30_000;
/** From this age on, a body must have arrived at the minimum rate on average. */
const GRACE_MS = 60_000;
const MIN_BYTES_PER_MS = 1;
const MAX_UPLOAD_MS = 900_000;

const AGAIN = 'Send it again over a faster connection.';

/** Ends uploads that send nothing, arrive too slowly or take too long. */
export class UploadTimeouts {
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
      if (body.isWaitingForServer) continue;
      const reason = timeoutReason(body, now);
      if (reason !== undefined) body.destroy(new AppError('request_timeout', reason));
    }
  }
}

/** Returns why a body has to end at the time `now` (ms since the epoch), or undefined. */
export function timeoutReason(
  body: Pick<UploadBody, 'startedAt' | 'lastByteAt' | 'received'>,
  now: number,
): string | undefined {
  const age = now - body.startedAt;
  if (now - body.lastByteAt > MAX_SILENCE_MS)
    return `No byte of the body arrived for ${MAX_SILENCE_MS / 1_000} seconds. ${AGAIN}`;
  if (age > MAX_UPLOAD_MS) return `The body took more than ${MAX_UPLOAD_MS / 1_000} seconds. ${AGAIN}`;
  if (age > GRACE_MS && body.received < age * MIN_BYTES_PER_MS) return `The body arrived too slowly. ${AGAIN}`;
  return undefined;
}
