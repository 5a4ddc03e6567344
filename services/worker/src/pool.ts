import type { ErrorRecord } from '@pdf-tools/runtime/errors';
import type { Logger } from '@pdf-tools/runtime/logger';
import type { ChildDetails } from '@pdf-tools/jobs/worker-registry';
import type { RunResult } from '@pdf-tools/operations/operation';
import { Child } from './child-process.js';
import type { Exit, ExitReason } from './child-process.js';
import { Execution } from './execution.js';
import type { Limits } from './execution.js';
import type { Output, Task } from './messages.js';
import type { Launcher } from './sandbox/launcher.js';

export type Outcome =
  | { readonly kind: 'done'; readonly result: RunResult; readonly output: Output }
  /** The operation said no: the input is bad, or a limit of time was reached. */
  | { readonly kind: 'failed'; readonly error: ErrorRecord; readonly cause: string | undefined }
  /** The process died or had to be killed for its memory. */
  | { readonly kind: 'crashed'; readonly error: ErrorRecord; readonly exit: Exit }
  /** It was killed because the caller's signal said so. */
  | { readonly kind: 'stopped' };

export interface PoolOptions extends Limits {
  readonly size: number;
  /** How its child processes are started. */
  readonly launcher: Pick<Launcher, 'command' | 'env'>;
  readonly maxJobsPerChild: number;
  /** Told of each child that is replaced. */
  readonly onReplaced?: (reason: ExitReason) => void;
}

/** Jobs after which children are replaced differ by up to this many, so that they are not all replaced at once. */
const RECYCLE_JITTER = 50;
/**
 * A child is replaced when it holds more than this share of its memory limit after a job: one large input must not
 * keep memory from the next ones. A warm child holds about a tenth of the default limit.
 */
export const RECYCLE_SHARE = 0.25;
const RESPAWN_DELAY_MS = 500;

interface Member {
  readonly child: Child;
  readonly lastJob: number;
}

/** A fixed number of warm child processes; one that dies or has served its time is replaced. */
export class Pool {
  readonly #idle: Member[] = [];
  readonly #waiting: ((member: Member) => void)[] = [];
  readonly #members = new Set<Member>();
  #closed = false;
  #jobsDone = 0;

  constructor(
    private readonly options: PoolOptions,
    private readonly log: Logger,
  ) {}

  /** Starts the processes; ends when all are warm. */
  async start(): Promise<void> {
    await Promise.all(Array.from({ length: this.options.size }, () => this.#spawn()));
  }

  /** Does a task in an idle child, waiting for one if need be. Never rejects. */
  async run(task: Task, progress: (percent: number, stage: string) => void, stop: AbortSignal): Promise<Outcome> {
    const member = await this.#take();
    if (stop.aborted) {
      this.#offer(member);
      return { kind: 'stopped' };
    }
    const outcome = await new Execution(member.child, this.options).run(task, progress, stop);
    if (outcome.kind === 'done' || outcome.kind === 'failed') this.#jobsDone++;
    this.#giveBack(member, outcome);
    return outcome;
  }

  /** Jobs that came to an end, good or bad. */
  get jobsDone(): number {
    return this.#jobsDone;
  }

  /** Who does what now, for whoever looks often: a word for each child. */
  doing(): string[] {
    return [...this.#members].map(({ child }) => `${child.pid}:${child.job ?? ''}`);
  }

  /** What each child does now, and what memory it has. */
  children(): ChildDetails[] {
    return [...this.#members].map(({ child }) => ({
      pid: child.pid ?? null,
      jobs: child.jobs,
      rss_bytes: child.residentBytes(),
      job: child.job ?? null,
    }));
  }

  /** Kills all children. */
  close(): void {
    this.#closed = true;
    for (const { child } of this.#members) child.kill('closing');
  }

  async #spawn(): Promise<void> {
    const { launcher, maxJobsPerChild } = this.options;
    const child = new Child(launcher);
    const jitter = Math.round((Math.random() * 2 - 1) * Math.min(RECYCLE_JITTER, maxJobsPerChild / 2));
    const member = { child, lastJob: Math.max(1, maxJobsPerChild + jitter) };
    this.#members.add(member);
    void child.exited.then((exit) => {
      this.#replace(member, exit);
    });
    await Promise.race([child.ready, child.exited]);
    if (this.#members.has(member)) this.#offer(member);
  }

  #replace(member: Member, exit: Exit): void {
    this.#members.delete(member);
    const index = this.#idle.indexOf(member);
    if (index >= 0) this.#idle.splice(index, 1);
    if (this.#closed) return;
    const { pid, jobs, exitReason: reason } = member.child;
    this.options.onReplaced?.(reason);
    this.log.info('child process replaced', {
      pid,
      jobs,
      reason,
      exit_code: exit.code,
      signal: exit.signal,
      stderr: exit.stderr,
    });
    // One that dies while it starts must not make the pool spin.
    setTimeout(() => void this.#spawn(), member.child.jobs === 0 ? RESPAWN_DELAY_MS : 0);
  }

  #take(): Promise<Member> {
    const member = this.#idle.pop();
    return member ? Promise.resolve(member) : new Promise((resolve) => this.#waiting.push(resolve));
  }

  #offer(member: Member): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(member);
    else this.#idle.push(member);
  }

  #giveBack(member: Member, outcome: Outcome): void {
    member.child.job = undefined;
    if (!this.#members.has(member) || outcome.kind === 'stopped' || outcome.kind === 'crashed') return;
    const worn = member.child.jobs >= member.lastJob;
    if (worn) member.child.kill('worn');
    else if (this.#isSwollen(member.child)) member.child.kill('swollen');
    else this.#offer(member);
  }

  #isSwollen(child: Child): boolean {
    return child.residentBytes() > this.options.memoryMb * 2 ** 20 * RECYCLE_SHARE;
  }
}
