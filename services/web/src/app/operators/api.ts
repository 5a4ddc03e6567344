import { signal } from '@preact/signals';
import { sessionStore } from '../model/store.js';

/** What the admin API sends, as far as this page shows it. */
export interface Overview {
  readonly counts: {
    readonly queued: number;
    readonly active: number;
    readonly finished: number;
    readonly dead: number;
  };
  readonly queued_bytes: number;
  readonly oldest_queued_seconds: number;
  readonly jobs_per_minute: number;
  readonly disk: { readonly free: number; readonly total: number } | null;
  readonly build: { readonly version: string; readonly revision: string; readonly node: string };
}

export interface Job {
  readonly id: string;
  readonly operation: string;
  readonly status: 'queued' | 'active' | 'succeeded' | 'failed' | 'cancelled';
  readonly progress: { readonly percent: number; readonly stage: string };
  readonly age_seconds: number;
  readonly attempts: number;
  readonly interruptions: number;
  readonly worker: string | null;
  readonly owner: string;
  readonly request_id?: string;
  readonly inputs: { readonly files: number; readonly bytes: number };
  readonly created_at: string | null;
  readonly finished_at: string | null;
  readonly error: { readonly code: string; readonly detail: string } | null;
}

export interface DeadLetter extends Job {
  readonly dead_at: string;
  readonly requeueable: boolean;
}

export interface Worker {
  readonly name: string;
  readonly seen_at: string;
  readonly version?: string;
  readonly concurrency?: number;
  readonly sandbox?: string;
  readonly jobs_done?: number;
  readonly jobs: readonly Job[];
  readonly children?: readonly { readonly rss_bytes: number }[];
}

/** The admin API does not accept the key. */
export class WrongKey extends Error {}

const NAME = 'admin-key';

/**
 * The admin key, in the session storage of the tab. Unlike a cookie, the browser never sends it automatically, so another page
 * cannot send requests with it.
 */
export const adminKey = signal(sessionStore.get(NAME) ?? '');

/** Stores the key until the tab is closed. An empty key signs out. */
export function setAdminKey(key: string): void {
  adminKey.value = key;
  if (key === '') sessionStore.remove(NAME);
  else sessionStore.set(NAME, key);
}

/** Sends a request to the admin API. Throws `WrongKey`, or an error with the detail of the response. */
export async function request<T>(path: string, method: 'GET' | 'POST' = 'GET'): Promise<T> {
  const headers = { Authorization: `Bearer ${adminKey.value}` };
  const response = await fetch(`/admin/api/${path}`, { method, headers, cache: 'no-store' });
  if (response.status === 401 || response.status === 403) throw new WrongKey();
  const body: unknown = await response.json();
  if (!response.ok) throw new Error((body as { detail?: string }).detail ?? `HTTP ${response.status}`);
  return body as T;
}
