import { Worker } from 'node:worker_threads';

const MAX_SILENCE_MS = 30_000;
const TICK_MS = 1_000;

/**
 * Runs in its own thread and ends the process if the main loop stops. It counts its own ticks instead of reading the clock,
 * because a paused container or suspended host stops both threads.
 */
const WATCH = `
const { workerData } = require('node:worker_threads');
const ticks = new Int32Array(workerData.shared);
let seen = -1;
let silence = 0;
setInterval(() => {
  const now = Atomics.load(ticks, 0);
  silence = now === seen ? silence + workerData.tickMs : 0;
  seen = now;
  if (silence > workerData.maxMs) {
    require('node:fs').writeSync(2, 'the main loop hangs: ending the process\\n');
    process.kill(process.pid, 'SIGKILL');
  }
}, workerData.tickMs);
`;

/**
 * Kills this process if its main loop is stuck for 30 s. A container engine restarts a process that ends, but not one that is
 * unhealthy. Another worker takes over the jobs of a stuck worker when their leases expire.
 */
export function startWatchdog(maxMs = MAX_SILENCE_MS): void {
  const shared = new SharedArrayBuffer(4);
  const ticks = new Int32Array(shared);
  setInterval(() => Atomics.add(ticks, 0, 1), TICK_MS).unref();
  new Worker(WATCH, { eval: true, workerData: { shared, maxMs, tickMs: TICK_MS } }).unref();
}
