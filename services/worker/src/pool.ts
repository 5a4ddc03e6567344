import type { ErrorRecord } from '@pdf-tools/runtime/errors';
import type { Logger } from '@pdf-tools/runtime/logger';
import type { ChildDetails } from '@pdf-tools/jobs/worker-registry';
import type { InputFile, RunResult } from '@pdf-tools/operations/operation';
import { toJobError } from '@pdf-tools/operations/process/app-error';
import type { Exit } from '@pdf-tools/operations/process/child-process';
import type { Output } from '@pdf-tools/operations/process/messages';
import type { OperationName } from '@pdf-tools/operations/registry';
import { Execution, errorOf } from './execution.js';
import type { Limits, ReportProgress } from './execution.js';
import { Member } from './member.js';
import type { ExitReason } from './member.js';
import type { Launcher } from './sandbox/launcher.js';
import { Slot } from './slot.js';

export type Outcome =
  | { readonly kind: 'done'; readonly result: RunResult; readonly output: Output }
  /** The operation failed: the input is bad, or the time limit was reached. */
  | { readonly kind: 'failed'; readonly error: ErrorRecord; readonly cause: string | undefined }
  /** The process died, or was killed because of its memory. */
  | { readonly kind: 'crashed'; readonly error: ErrorRecord; readonly exit: Exit }
  /** The process was killed because the caller's signal aborted. */
  | { readonly kind: 'stopped' };

/** A job for the pool. Its files are on the volume, out of reach of child processes. */
export interface PoolJob {
  /** Id of the job. */
  readonly job: string;
  /** Whose job it is. Jobs of different clients never share a process. */
  readonly client: string;
  readonly operation: OperationName;
  readonly params: unknown;
  readonly inputs: readonly InputFile[];
  /** Where the output goes. Its folder must exist. */
  readonly outputPath: string;
}

export interface PoolOptions extends Limits {
  /** Jobs at a time. There is one process more, which is ready for a client without one. */
  readonly size: number;
  readonly launcher: Pick<Launcher, 'start'>;
  /** Folder of the slots. */
  readonly slots: string;
  readonly maxJobsPerChild: number;
  /** Called for each child that is replaced. */
  readonly onReplaced?: (reason: ExitReason) => void;
}

/** The number of jobs differs by up to this much, so that children are not all replaced at the same time. */
const RECYCLE_JITTER = 50;
/**
 * A child is replaced when it holds more than this share of its memory limit after a job, so that one large input keeps no
 * memory from the next ones. A warm child holds about a tenth of the default limit.
 */
export const RECYCLE_SHARE = 0.25;
const RESPAWN_DELAY_MS = 500;
/** Time for which a client whose jobs a child runs is preferred to other clients that wait. */
const SLICE_MS = 1_000;

/** A job that waits for a child. `take` gets undefined if the job is stopped. */
interface Waiting {
  readonly job: Pick<PoolJob, 'client' | 'operation'>;
  readonly take: (member: Member | undefined) => void;
}

/** A fixed number of warm child processes. Each serves one client, and is replaced when it ends or reaches a limit. */
export class Pool {
  readonly #idle: Member[] = [];
  readonly #waiting: Waiting[] = [];
  readonly #members = new Set<Member>();
  readonly #removals = new Set<Promise<void>>();
  #closed = false;
  #jobsDone = 0;

  constructor(
    private readonly options: PoolOptions,
    private readonly log: Logger,
  ) {}

  /** Starts the processes, and returns when all are warm. */
  async start(): Promise<void> {
    await Promise.all(Array.from({ length: this.options.size + 1 }, () => this.#spawn()));
  }

  /** Runs a job in an idle child of its client, or a fresh one. It waits until one is free, and never rejects. */
  async run(job: PoolJob, progress: ReportProgress, stop: AbortSignal): Promise<Outcome> {
    const member = await this.#takeWithSlot(job, stop);
    if (!member) return { kind: 'stopped' };
    const outcome = await this.#perform(member, job, progress, stop);
    if (outcome.kind === 'done' || outcome.kind === 'failed') this.#jobsDone++;
    this.#giveBack(member, outcome);
    return outcome;
  }

  /** Number of jobs that ended with a result or an error. */
  get jobsDone(): number {
    return this.#jobsDone;
  }

  /**
   * The client whose next job costs least: its child is idle and has run its jobs for less than a slice. Empty if there is
   * no such client.
   */
  get preferredClient(): string {
    const now = performance.now();
    const member = this.#idle.find(({ sliceStart }) => sliceStart !== undefined && now - sliceStart < SLICE_MS);
    return member?.client ?? '';
  }

  /** Returns a word for each child that changes with what the child does. */
  activity(): string[] {
    return [...this.#members].map(({ child, job }) => `${child.pid}:${job ?? ''}`);
  }

  /** Returns what each child does now, and how much memory it has. */
  children(): ChildDetails[] {
    return [...this.#members].map(({ child, jobs, job }) => ({
      pid: child.pid ?? null,
      jobs,
      rss_bytes: child.residentBytes(),
      job: job ?? null,
    }));
  }

  /** Kills all children, and returns when their slots are removed. */
  async close(): Promise<void> {
    this.#closed = true;
    const members = [...this.#members];
    for (const member of members) member.kill('closing');
    await Promise.all(members.map(({ exited }) => exited));
    for (const { slot } of members) this.#removeSlot(slot);
    await Promise.all(this.#removals);
  }

  async #spawn(): Promise<void> {
    if (this.#closed) return;
    let member: Member;
    try {
      member = this.#startMember();
    } catch (error) {
      this.log.error('child process not started', { error });
      setTimeout(() => void this.#spawn(), RESPAWN_DELAY_MS);
      return;
    }
    this.#members.add(member);
    void member.exited.then((exit) => {
      this.#replace(member, exit);
    });
    await Promise.race([member.child.ready, member.exited]);
    if (this.#members.has(member)) this.#offer(member);
  }

  #startMember(): Member {
    const { launcher, maxJobsPerChild, slots } = this.options;
    const jitter = Math.round((Math.random() * 2 - 1) * Math.min(RECYCLE_JITTER, maxJobsPerChild / 2));
    const slot = Slot.create(slots);
    // To load all operations takes a third of the time of a start, which the waiting job does not need.
    const operation = this.#waiting[0]?.job.operation;
    try {
      return new Member(launcher, slot, Math.max(1, maxJobsPerChild + jitter), operation);
    } catch (error) {
      this.#removeSlot(slot);
      throw error;
    }
  }

  #removeSlot(slot: Slot): void {
    const warn = (error: unknown): void => {
      this.log.warn('slot not removed', { error });
    };
    const removal = slot
      .remove()
      .catch(warn)
      .finally(() => this.#removals.delete(removal));
    this.#removals.add(removal);
  }

  #replace(member: Member, exit: Exit): void {
    this.#members.delete(member);
    this.#removeIdle(member);
    if (this.#closed) return;
    this.#removeSlot(member.slot);
    const { jobs, exitReason: reason } = member;
    const { code: exit_code, signal, stderr } = exit;
    this.options.onReplaced?.(reason);
    this.log.info('child process replaced', { pid: member.child.pid, jobs, reason, exit_code, signal, stderr });
    // A child that dies while it starts must not make the pool spin.
    const failedToStart = jobs === 0 && reason === 'crashed';
    setTimeout(() => void this.#spawn(), failedToStart ? RESPAWN_DELAY_MS : 0);
  }

  /** Returns a child for this job, or undefined if `stop` aborts. A child whose slot was removed is replaced. */
  async #takeWithSlot(job: PoolJob, stop: AbortSignal): Promise<Member | undefined> {
    for (;;) {
      const member = stop.aborted ? undefined : await this.#take(job, stop);
      if (!member || member.slot.exists) return member;
      member.kill('slot_lost');
    }
  }

  /** Returns an idle child that has served this client, else a fresh one, which may have to start first. */
  async #take(job: PoolJob, stop: AbortSignal): Promise<Member | undefined> {
    const { client } = job;
    const member = this.#idle.find((idle) => idle.client === client) ?? this.#idle.find(({ isFresh }) => isFresh);
    if (!member) return this.#wait(job, stop);
    this.#removeIdle(member);
    member.client = client;
    this.#keepSpare();
    return member;
  }

  #wait(job: PoolJob, stop: AbortSignal): Promise<Member | undefined> {
    return new Promise((take) => {
      const waiting = { job, take };
      this.#waiting.push(waiting);
      const onStop = (): void => {
        removeFrom(this.#waiting, waiting);
        take(undefined);
      };
      stop.addEventListener('abort', onStop, { once: true });
      this.#keepSpare();
    });
  }

  #offer(member: Member): void {
    const index = this.#waiting.findIndex(({ job }) => member.isFresh || member.client === job.client);
    const [waiting] = index < 0 ? [] : this.#waiting.splice(index, 1);
    if (waiting) {
      member.client = waiting.job.client;
      waiting.take(member);
    } else this.#idle.push(member);
    this.#keepSpare();
  }

  /** Replaces the child that has been idle longest if no fresh one is idle or starting: the next client needs one. */
  #keepSpare(): void {
    const members = [...this.#members];
    const dying = members.filter(({ isKilled }) => isKilled).length;
    const starting = this.options.size + 1 - members.length + dying;
    const fresh = members.filter(({ isFresh }) => isFresh).length;
    if (this.#closed || fresh + starting >= Math.max(1, this.#waiting.length)) return;
    const oldest = this.#idle.find(({ isFresh }) => !isFresh);
    if (!oldest) return;
    this.#removeIdle(oldest);
    oldest.kill('other_client');
  }

  async #perform(member: Member, job: PoolJob, progress: ReportProgress, stop: AbortSignal): Promise<Outcome> {
    member.startJob(job.job, SLICE_MS);
    const outcome = await this.#execute(member, job, progress, stop);
    if (outcome.kind !== 'failed' || member.slot.exists) return outcome;
    // The scheduler takes a worker for dead that was suspended. That is no fault of the job, which is tried again.
    member.kill('slot_lost');
    return { kind: 'crashed', error: errorOf('worker_crashed'), exit: await member.exited };
  }

  async #execute(
    member: Member,
    { operation, params, ...job }: PoolJob,
    progress: ReportProgress,
    stop: AbortSignal,
  ): Promise<Outcome> {
    const { slot } = member;
    try {
      const inputs = job.inputs.map((input, position) => ({ ...input, path: slot.admit(input.path, position) }));
      const task = { operation, params, inputs, workDir: slot.scratch, outputPath: slot.outputPath };
      const outcome = await new Execution(member, this.options).run(task, progress, stop);
      if (outcome.kind === 'done') slot.release(job.outputPath, outcome.output.bytes);
      return outcome;
    } catch (thrown) {
      return { kind: 'failed', error: toJobError(thrown).toRecord(), cause: String(thrown) };
    }
  }

  #giveBack(member: Member, outcome: Outcome): void {
    member.job = undefined;
    if (!this.#members.has(member) || outcome.kind === 'stopped' || outcome.kind === 'crashed') return;
    const reason = this.#limitReached(member);
    if (reason === undefined) this.#offer(member);
    else member.kill(reason);
  }

  /** The limit that keeps a child from another job, or undefined. */
  #limitReached(member: Member): 'worn' | 'swollen' | 'slot_not_empty' | undefined {
    if (member.jobs >= member.maxJobs) return 'worn';
    if (member.child.residentBytes() > this.options.memoryMb * 2 ** 20 * RECYCLE_SHARE) return 'swollen';
    return member.slot.empty() ? undefined : 'slot_not_empty';
  }

  #removeIdle(member: Member): void {
    removeFrom(this.#idle, member);
  }
}

function removeFrom<T>(list: T[], entry: T): void {
  const index = list.indexOf(entry);
  if (index >= 0) list.splice(index, 1);
}
