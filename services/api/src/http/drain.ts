import type { Socket } from 'node:net';

/** Limits of what is read from a client after its answer. Without reading, a reset could overtake the answer. */
const DRAIN_MS = 10_000;
const DRAIN_BYTES = 67_108_864;
const CHECK_MS = 250;

/**
 * Destroys a connection whose remaining input is discarded when that takes more than 10 s or 64 MiB. The returned
 * function ends the check; so does the end of the connection.
 */
export function limitDrain(socket: Socket): () => void {
  const before = socket.bytesRead;
  const started = performance.now();
  const timer = setInterval(() => {
    if (performance.now() - started > DRAIN_MS || socket.bytesRead - before > DRAIN_BYTES) socket.destroy();
  }, CHECK_MS);
  const stop = (): void => {
    clearInterval(timer);
    socket.off('close', stop);
  };
  socket.once('close', stop);
  return stop;
}
