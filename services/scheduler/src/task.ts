import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@pdf-tools/shared/logger';

/** A repeated duty. `run` returns figures for the log; two runs at once, here or on another host, do no harm. */
export interface Task {
  readonly name: string;
  readonly intervalMs: number;
  /** Log a run that found nothing to do as `debug`. */
  readonly quiet?: boolean;
  readonly run: () => Promise<Readonly<Record<string, number>>>;
}

/** Runs a task again and again, `intervalMs` after the end of its last run, until the signal aborts. Never rejects. */
export async function repeat(task: Task, log: Logger, timeZone: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await runOnce(task, log, timeZone);
    await sleep(task.intervalMs, undefined, { signal }).catch(() => undefined);
  }
}

async function runOnce(task: Task, log: Logger, timeZone: string): Promise<void> {
  const started = Date.now();
  const local_time = new Date(started).toLocaleString('sv-SE', { timeZone });
  try {
    const figures = await task.run();
    const idle = task.quiet === true && Object.values(figures).every((figure) => figure === 0);
    log[idle ? 'debug' : 'info']('task run', { task: task.name, local_time, ms: Date.now() - started, ...figures });
  } catch (error) {
    log.error('task failed', { task: task.name, local_time, error });
  }
}
