import type { Logger } from '@pdf-tools/runtime/logger';
import type { WorkerDetails, WorkerRegistry } from '@pdf-tools/jobs/worker-registry';
import type { Pool } from './pool.js';

const CHECK_MS = 500;

/**
 * Reports what this worker does to operators: with each heartbeat, and within a second when a child starts, ends, or
 * changes jobs. A change that is over by the next check is not reported, so that many short jobs cost no writes.
 */
export class Registration {
  #reported = '';
  #seen = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly registry: WorkerRegistry,
    private readonly pool: Pick<Pool, 'children' | 'activity' | 'jobsDone'>,
    /** The details that do not change. */
    private readonly described: Omit<WorkerDetails, 'jobs_done' | 'children'>,
    private readonly log: Logger,
  ) {}

  start(): void {
    this.#timer = setInterval(() => {
      this.#check();
    }, CHECK_MS);
  }

  /** Reports that this worker is alive, and what it does now. Rejects when Redis is not available. */
  async report(): Promise<void> {
    this.#reported = this.#activity();
    const { jobsDone } = this.pool;
    await this.registry.register({ ...this.described, jobs_done: jobsDone, children: this.pool.children() });
  }

  /** Removes this worker from the list. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.registry.unregister(this.described.name);
  }

  #check(): void {
    const activity = this.#activity();
    const isStable = activity === this.#seen;
    this.#seen = activity;
    if (!isStable || activity === this.#reported) return;
    this.report().catch((error: unknown) => {
      this.log.debug('activity not reported', { error });
    });
  }

  #activity(): string {
    return this.pool.activity().join();
  }
}
