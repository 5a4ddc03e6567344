import { signal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { deleteJob } from '../api/client.js';
import { follow, isFinished, recover } from '../api/follow.js';
import { ConnectionLost, ProblemError } from '../api/problem.js';
import type { Job, Problem } from '../api/types.js';
import { upload } from '../api/upload.js';
import { formOf } from './request-form.js';
import type { JobRequest } from './request-form.js';
import { sessionStore } from './store.js';

type Phase = 'uploading' | 'following' | 'ended' | 'gone' | 'deleted' | 'refused' | 'cancelled';

/** A job in the list of the page, from the start of its upload. */
export interface ListedJob {
  /** The idempotency key of its request. */
  readonly key: string;
  readonly operation: string;
  readonly names: readonly string[];
  readonly inputBytes: number;
  readonly phase: Phase;
  readonly isConnected: boolean;
  readonly sentBytes: number;
  readonly totalBytes: number;
  readonly job?: Job | undefined;
  readonly problem?: Problem | undefined;
}

/** What only this page knows about a job. It is lost when the page is reloaded. */
interface Kept {
  readonly request?: JobRequest;
  readonly abort: AbortController;
}

/** The newest first. */
export const jobs: Signal<readonly ListedJob[]> = signal([]);

const kept = new Map<string, Kept>();

/** Called with the problem of a job and its request, so that the page can show it at its cause. */
type OnProblem = (problem: Problem, request: JobRequest) => void;

/** Failures of this kind end when the service is back. */
const TEMPORARY = [
  'shutting_down',
  'redis_unavailable',
  'storage_unavailable',
  'bad_gateway',
  'overloaded',
  'rate_limited',
  'queue_full',
];

/** Sends a request, lists its job and follows it. */
export function startJob(request: JobRequest, onProblem: OnProblem): void {
  const key = crypto.randomUUID();
  const inputBytes = request.files.reduce((sum, { size }) => sum + size, 0);
  const listed: ListedJob = {
    key,
    operation: request.operation,
    names: request.files.map(({ name }) => name),
    inputBytes,
    phase: 'uploading',
    isConnected: true,
    sentBytes: 0,
    totalBytes: inputBytes,
  };
  jobs.value = [listed, ...jobs.value];
  kept.set(key, { request, abort: new AbortController() });
  void run(key, request, onProblem);
}

async function run(key: string, request: JobRequest, onProblem: OnProblem): Promise<void> {
  try {
    const job = await send(key, request);
    update(key, { phase: 'following', isConnected: true, job });
    await followListed(key, job.id);
  } catch (error) {
    if (error instanceof ProblemError) update(key, { phase: 'refused', problem: error.problem });
    else if (kept.get(key)?.abort.signal.aborted !== true) throw error;
  }
  const { problem } = find(key) ?? {};
  if (problem) onProblem(problem, request);
}

/** Sends the files until the server has accepted or refused them. A repeated request gets the same job. */
async function send(key: string, request: JobRequest): Promise<Job> {
  const { signal: abort } = kept.get(key)?.abort ?? new AbortController();
  for (let failures = 1; ; failures += 1) {
    try {
      return await upload({
        operation: request.operation,
        form: formOf(request),
        idempotencyKey: key,
        signal: abort,
        onProgress: (sentBytes, totalBytes) => {
          update(key, { sentBytes, totalBytes, isConnected: true });
        },
      });
    } catch (error) {
      abort.throwIfAborted();
      if (!isTemporary(error)) throw error;
      const onConnection = (isConnected: boolean): void => {
        update(key, { isConnected, sentBytes: 0 });
      };
      await recover(error, { failures, signal: abort, onConnection });
    }
  }
}

function isTemporary(error: unknown): boolean {
  if (error instanceof ConnectionLost) return true;
  return error instanceof ProblemError && ['unauthorized', ...TEMPORARY].includes(error.problem.code);
}

async function followListed(key: string, id: string): Promise<void> {
  const { signal: abort } = kept.get(key)?.abort ?? new AbortController();
  await follow(id, {
    signal: abort,
    onJob: (job) => {
      const phase = job.status === 'cancelled' ? 'cancelled' : isFinished(job) ? 'ended' : 'following';
      update(key, { job, phase, problem: job.error ?? undefined });
    },
    onConnection: (isConnected) => {
      update(key, { isConnected });
    },
    onGone: () => {
      update(key, { phase: 'gone' });
    },
  });
}

function find(key: string): ListedJob | undefined {
  return jobs.value.find((job) => job.key === key);
}

function update(key: string, changes: Partial<ListedJob>): void {
  jobs.value = jobs.value.map((job) => (job.key === key ? { ...job, ...changes } : job));
  if (changes.phase !== undefined) save();
}

/** Returns the only file of a job, if the page still has it. */
export function originalOf({ key }: ListedJob): { file: File; password: string } | undefined {
  const { request } = kept.get(key) ?? {};
  const [file, ...others] = request?.files ?? [];
  return file && others.length === 0 ? { file, password: request?.entries[0]?.password ?? '' } : undefined;
}

/** Cancels a job and forgets its upload. */
export async function cancelJob({ key, job }: ListedJob): Promise<void> {
  kept.get(key)?.abort.abort(new DOMException('cancelled', 'AbortError'));
  update(key, { phase: 'cancelled' });
  if (job) await deleteWhenPossible(job.id);
}

/** Deletes the result of a job from the server. */
export async function deleteResult({ key, job }: ListedJob): Promise<void> {
  if (job) await deleteWhenPossible(job.id);
  update(key, { phase: 'deleted' });
}

async function deleteWhenPossible(id: string): Promise<void> {
  const { signal: never } = new AbortController();
  for (let failures = 1; ; failures += 1) {
    try {
      await deleteJob(id);
      return;
    } catch (error) {
      if (!isTemporary(error)) return;
      await recover(error, { failures, signal: never, onConnection: () => undefined });
    }
  }
}

/** Removes a job that has ended from the list. */
export function dismissJob({ key }: ListedJob): void {
  jobs.value = jobs.value.filter((job) => job.key !== key);
  kept.delete(key);
  save();
}

const STORED = ['key', 'operation', 'names', 'inputBytes'] as const;

/** Remembers the jobs that the server has, for a reload of the page. */
function save(): void {
  const onServer = jobs.value.filter(({ job, phase }) => job && phase !== 'deleted' && phase !== 'gone');
  const stored = onServer.map((listed) => ({
    ...Object.fromEntries(STORED.map((name) => [name, listed[name]])),
    id: listed.job?.id,
  }));
  sessionStore.set('jobs', JSON.stringify(stored));
}

type StoredJob = Pick<ListedJob, (typeof STORED)[number]> & { readonly id: string };

/** Lists the jobs of the tab again after a reload, and follows them. */
export function restoreJobs(): void {
  const stored = JSON.parse(sessionStore.get('jobs') ?? '[]') as StoredJob[];
  jobs.value = stored.map(({ key, operation, names, inputBytes }) => ({
    key,
    operation,
    names,
    inputBytes,
    phase: 'following',
    isConnected: true,
    sentBytes: 0,
    totalBytes: 0,
  }));
  for (const { key, id } of stored) {
    kept.set(key, { abort: new AbortController() });
    void followListed(key, id).catch(() => undefined);
  }
}

/** Whether closing the page would lose an upload. */
export function isUploading(): boolean {
  return jobs.value.some(({ phase }) => phase === 'uploading');
}
