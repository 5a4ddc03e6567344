import { Worker } from 'node:worker_threads';

const LONGEST_SILENCE_MS = 30_000;
const TICK_MS = 1_000;

/**
 * Runs beside the main loop; ends the process when that has not ticked for too long. It counts its own ticks, not the
 * clock's: a process that was frozen as a whole (a paused container, a suspended host) hangs as little as its watchdog.
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
  if (silence > workerData.longestMs) {
    require('node:fs').writeSync(2, 'the main loop hangs: ending the process\\n');
    process.kill(process.pid, 'SIGKILL');
  }
}, workerData.tickMs);
`;

/**
 * Kills this process when its main loop has been stuck for 30 s: a container engine restarts what ends, not what is
 * unhealthy, and the jobs of a stuck worker are another's after their lease anyway.
 */
export function startWatchdog(longestMs = LONGEST_SILENCE_MS): void {
  const shared = new SharedArrayBuffer(4);
  const ticks = new Int32Array(shared);
  setInterval(() => Atomics.add(ticks, 0, 1), TICK_MS).unref();
  new Worker(WATCH, { eval: true, workerData: { shared, longestMs, tickMs: TICK_MS } }).unref();
}
