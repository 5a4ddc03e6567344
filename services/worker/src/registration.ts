import type { Logger } from '@pdf-tools/runtime/logger';
import type { WorkerDetails, WorkerRegistry } from '@pdf-tools/jobs/worker-registry';
import type { Pool } from './pool.js';

const LOOK_MS = 500;

/**
 * Tells operators what this worker does: with each heartbeat, and also within a second when a child came or went or
 * began or ended something. What is over by the next look is not told, so that many short jobs cost no writes.
 */
export class Registration {
  #told = '';
  #seen = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly registry: WorkerRegistry,
    private readonly pool: Pick<Pool, 'children' | 'doing' | 'jobsDone'>,
    /** What does not change. */
    private readonly described: Omit<WorkerDetails, 'jobs_done' | 'children'>,
    private readonly log: Logger,
  ) {}

  start(): void {
    this.#timer = setInterval(() => {
      this.#look();
    }, LOOK_MS);
  }

  /** Says that this worker is alive, and what it does now. Rejects when Redis is away. */
  async tell(): Promise<void> {
    this.#told = this.#doing();
    const { jobsDone } = this.pool;
    await this.registry.register({ ...this.described, jobs_done: jobsDone, children: this.pool.children() });
  }

  /** Takes this worker off the list. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.registry.unregister(this.described.name);
  }

  #look(): void {
    const doing = this.#doing();
    const lasts = doing === this.#seen;
    this.#seen = doing;
    if (!lasts || doing === this.#told) return;
    this.tell().catch((error: unknown) => {
      this.log.debug('could not tell what this worker does', { error });
    });
  }

  #doing(): string {
    return this.pool.doing().join();
  }
}
