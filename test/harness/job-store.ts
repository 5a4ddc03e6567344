import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { LANES } from '@pdf-tools/jobs/lanes';
import type { JobResult } from '@pdf-tools/jobs/record';
import { newJobId } from '@pdf-tools/jobs/store';
import type { Claim, ClaimOptions } from '@pdf-tools/jobs/store';
import { TestStack } from './stack.js';

interface JobOptions {
  readonly retain?: number;
  readonly client?: string;
  readonly bytes?: number;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** The error of the jobs that these tests fail. */
export const CRASHED = { code: 'worker_crashed', detail: 'gone' } as const;

/** Returns the result of a run. */
export function resultOf(fence: number): JobResult {
  return { fence, bytes: 1, pages: 1, sha256: 'x', report: { kept: true } };
}

/** The stack of a test file about the job store, and shorthands for its store. */
export interface JobStoreTest {
  /** Valid while the tests run. */
  readonly stack: TestStack;
  /** Stores a queued job that has no files. Returns its id. */
  readonly accept: (options?: JobOptions) => Promise<string>;
  /** Claims a job for the worker `w`, by default for 30 s and from any lane. */
  readonly claim: (options?: Partial<ClaimOptions>) => Promise<Claim>;
}

/** Starts Redis without services before the tests of a file, empties it before each test, and stops it after them. */
export function useJobStore(): JobStoreTest {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await TestStack.start([]);
  });
  beforeEach(() => stack.redis.flushAll());
  afterAll(() => stack.stop());
  return {
    get stack() {
      return stack;
    },
    accept: (options) => acceptJob(stack, options),
    claim: async (options) =>
      (await stack.store.claim({ worker: 'w', leaseMs: 30_000, lanes: LANES, ...options })).claim,
  };
}

async function acceptJob(
  { store }: TestStack,
  { retain = 60, client = 'c', bytes = 1, params = { a: 1 } }: JobOptions = {},
): Promise<string> {
  const id = newJobId();
  const inputs = [{ name: 'a.pdf', bytes, format: 'pdf' }];
  const job = {
    id,
    operation: 'merge-pdf',
    params,
    inputs,
    owner: 'key',
    client,
    output_name: 'x.pdf',
    request_id: 'r',
  };
  const acceptance = await store.accept({ ...job, retain, delete_after_read: false });
  if (acceptance.outcome !== 'accepted') throw new Error(`the job was not accepted: ${acceptance.outcome}`);
  return id;
}
