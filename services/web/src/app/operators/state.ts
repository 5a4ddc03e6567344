import { effect, signal } from '@preact/signals';
import { announce } from '../model/announce.js';
import { WrongKey, adminKey, request, setAdminKey } from './api.js';
import type { DeadLetter, Job, Overview, Worker } from './api.js';
import { texts } from './text.js';

const REFRESH_MS = 3_000;
const LISTED = 50;
const FAILED_LISTED = 20;
const FOUND_LISTED = 20;

interface State {
  readonly overview: Overview;
  readonly workers: readonly Worker[];
  readonly waiting: readonly Job[];
  readonly running: readonly Job[];
  readonly dead: readonly DeadLetter[];
  readonly failed: readonly Job[];
  readonly updatedAt: Date;
}

/** The last state that the admin API sent. */
export const state = signal<State | undefined>(undefined);
export const keyIsWrong = signal(false);
/** Why the last refresh failed. */
export const refreshError = signal('');

export type Tab = 'waiting' | 'running' | 'dead';
export const openTab = signal<Tab>('waiting');

export interface Outcome {
  readonly kind: 'info' | 'error';
  readonly text: string;
}
/** What became of the last action. */
export const outcome = signal<Outcome | undefined>(undefined);

export interface Search {
  readonly id: string;
  readonly jobs: readonly Job[];
  readonly isComplete: boolean;
  readonly problem: string;
}
/** The last search for a job by its id. */
export const search = signal<Search | undefined>(undefined);

interface JobList<Listed = Job> {
  readonly jobs: readonly Listed[];
}

async function refresh(): Promise<void> {
  const [overview, { workers }, waiting, running, failed, dead] = await Promise.all([
    request<Overview>('overview'),
    request<{ workers: Worker[] }>('workers'),
    request<JobList>(`jobs?status=queued&limit=${LISTED}`),
    request<JobList>(`jobs?status=active&limit=${LISTED}`),
    request<JobList>(`jobs?status=failed&limit=${FAILED_LISTED}`),
    request<JobList<DeadLetter>>(`dead?limit=${LISTED}`),
  ]);
  const permanent = new Set(dead.jobs.map(({ id }) => id));
  state.value = {
    overview,
    workers,
    waiting: waiting.jobs,
    running: running.jobs,
    dead: dead.jobs,
    failed: failed.jobs.filter(({ id }) => !permanent.has(id)),
    updatedAt: new Date(),
  };
}

let timer: ReturnType<typeof setTimeout> | undefined;

async function refreshRepeatedly(): Promise<void> {
  clearTimeout(timer);
  if (document.hidden || adminKey.value === '') return;
  try {
    await refresh();
    refreshError.value = '';
    keyIsWrong.value = false;
  } catch (error) {
    if (error instanceof WrongKey) {
      keyIsWrong.value = true;
      signOut();
      return;
    }
    refreshError.value = messageOf(error);
  }
  timer = setTimeout(() => void refreshRepeatedly(), REFRESH_MS);
}

/** Keeps the state current while there is a key and the tab is visible. */
export function watch(): void {
  effect(() => {
    if (adminKey.value !== '') void refreshRepeatedly();
  });
  document.addEventListener('visibilitychange', () => void refreshRepeatedly());
}

/** Forgets the key and everything that was read with it. */
export function signOut(): void {
  clearTimeout(timer);
  setAdminKey('');
  state.value = undefined;
  search.value = undefined;
  outcome.value = undefined;
}

/** Queues a job that failed permanently again. */
export async function retryJob({ id }: Job): Promise<void> {
  await act(`dead/${id}/retry`, texts().retried(id.slice(0, 12)));
}

/** Cancels a waiting or running job and deletes its files. */
export async function cancelJob({ id }: Job): Promise<void> {
  await act(`jobs/${id}/cancel`, texts().cancelled(id.slice(0, 12)));
}

async function act(path: string, done: string): Promise<void> {
  try {
    await request(path, 'POST');
    outcome.value = { kind: 'info', text: done };
  } catch (error) {
    outcome.value = { kind: 'error', text: messageOf(error) };
  }
  announce(outcome.value.text);
  await Promise.all([refreshRepeatedly(), search.value && find(search.value.id)]);
}

/** Searches for the jobs whose ids start with `id`. An empty one ends the search. */
export async function find(id: string): Promise<void> {
  if (id === '') {
    search.value = undefined;
    return;
  }
  try {
    const path = `jobs?id=${encodeURIComponent(id)}&limit=${FOUND_LISTED}`;
    const { jobs, complete } = await request<JobList & { complete: boolean }>(path);
    search.value = { id, jobs, isComplete: complete, problem: '' };
    announce(texts().found(jobs.length, id));
  } catch (error) {
    search.value = { id, jobs: [], isComplete: true, problem: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
