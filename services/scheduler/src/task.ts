import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@pdf-tools/runtime/logger';
import type { SchedulerMetrics } from './metrics.js';

/** A repeated duty. `run` returns figures for the log; two runs at once, here or on another host, do no harm. */
export interface Task {
  readonly name: string;
  readonly intervalMs: number;
  /** Log a run that found nothing to do as `debug`. */
  readonly quiet?: boolean;
  readonly run: () => Promise<Readonly<Record<string, number>>>;
}

export interface TaskSurroundings {
  readonly log: Logger;
  readonly timeZone: string;
  readonly metrics: Pick<SchedulerMetrics, 'taskFailures' | 'taskSuccess'>;
}

/** Runs a task again and again, `intervalMs` after the end of its last run, until the signal aborts. Never rejects. */
export async function repeat(task: Task, around: TaskSurroundings, signal: AbortSignal): Promise<void> {
  around.metrics.taskFailures.inc({ task: task.name }, 0);
  while (!signal.aborted) {
    await runOnce(task, around);
    await sleep(task.intervalMs, undefined, { signal }).catch(() => undefined);
  }
}

async function runOnce(task: Task, { log, timeZone, metrics }: TaskSurroundings): Promise<void> {
  const started = Date.now();
  const local_time = new Date(started).toLocaleString('sv-SE', { timeZone });
  try {
    const figures = await task.run();
    metrics.taskSuccess.setToCurrentTime({ task: task.name });
    const idle = task.quiet === true && Object.values(figures).every((figure) => figure === 0);
    log[idle ? 'debug' : 'info']('task run', { task: task.name, local_time, ms: Date.now() - started, ...figures });
  } catch (error) {
    metrics.taskFailures.inc({ task: task.name });
    log.error('task failed', { task: task.name, local_time, error });
  }
}
