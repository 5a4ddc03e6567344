import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@pdf-tools/runtime/logger';
import type { SchedulerMetrics } from './metrics.js';

/** A repeated task. Two concurrent runs, here or on another host, must do no harm. */
export interface Task {
  readonly name: string;
  readonly intervalMs: number;
  /** Logs a run whose figures are all 0 as `debug`. */
  readonly quiet?: boolean;
  /** Returns figures for the log. */
  readonly run: () => Promise<Readonly<Record<string, number>>>;
}

export interface TaskContext {
  readonly log: Logger;
  readonly timeZone: string;
  readonly metrics: Pick<SchedulerMetrics, 'taskFailures' | 'taskSuccess'>;
}

/** Repeats a task until the signal aborts, `intervalMs` after the end of its last run. Never rejects. */
export async function repeat(task: Task, context: TaskContext, signal: AbortSignal): Promise<void> {
  context.metrics.taskFailures.inc({ task: task.name }, 0);
  while (!signal.aborted) {
    await runOnce(task, context);
    await sleep(task.intervalMs, undefined, { signal }).catch(() => undefined);
  }
}

async function runOnce(task: Task, { log, timeZone, metrics }: TaskContext): Promise<void> {
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
