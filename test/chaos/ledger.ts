import type { Job } from '@pdf-tools/harness/http';
import type { Task } from './tasks.js';

export const PROMISES = ['lost', 'duplicated', 'broken', 'wrong outcome', 'wrong answer', 'unexpected exit'] as const;
/** Kinds of violations. None of them may happen. */
export type Broken = (typeof PROMISES)[number];

/** An accepted job from the client's view. */
export interface Accepted {
  readonly id: string;
  readonly task: Task;
  readonly at: number;
  readonly answeredAt: number;
  /** SHA-256 of the result in the accepting response, if it had one. */
  readonly answered: string | undefined;
}

/** All responses that clients received in one run. */
export class Ledger {
  readonly #ids = new Map<string, Set<string>>();
  readonly violations: { readonly promise: Broken; readonly text: string }[] = [];
  readonly accepted = new Map<string, Accepted>();
  readonly outcomes = new Map<string, number>();
  readonly refusals = new Map<string, number>();
  /** Milliseconds from the acceptance of each job until a client saw its end. */
  readonly durations: number[] = [];
  mostAttempts = 0;

  accept(job: Accepted): void {
    this.accepted.set(job.id, job);
    const ids = this.#ids.get(job.task.name) ?? new Set();
    this.#ids.set(job.task.name, ids.add(job.id));
    if (ids.size > 1) this.violate('duplicated', `${job.task.name} became the jobs ${[...ids].join(', ')}`);
  }

  refuse(why: string): void {
    count(this.refusals, why);
  }

  end({ at }: Accepted, job: Job): void {
    this.durations.push(Date.now() - at);
    this.mostAttempts = Math.max(this.mostAttempts, job.attempts);
    count(this.outcomes, job.error ? `${job.status}: ${job.error.code}` : job.status);
  }

  violate(promise: Broken, text: string): void {
    this.violations.push({ promise, text });
  }

  of(promise: Broken): string[] {
    return this.violations.filter((violation) => violation.promise === promise).map(({ text }) => text);
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
