/** What the admin API answers, as far as the page shows it. */
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
  readonly status: string;
  readonly progress: { readonly percent: number; readonly stage: string };
  readonly age_seconds: number;
  readonly attempts: number;
  readonly interruptions: number;
  readonly owner: string;
  readonly inputs: { readonly files: number; readonly bytes: number };
  readonly finished_at: string | null;
  readonly error: { readonly code: string; readonly detail: string } | null;
}

export interface DeadJob extends Job {
  readonly dead_at: string;
  readonly requeueable: boolean;
  readonly reason: string | null;
}

export interface Worker {
  readonly name: string;
  readonly seen_at: string;
  readonly version?: string;
  readonly concurrency?: number;
  readonly sandbox?: string;
  readonly jobs_done?: number;
  readonly jobs: readonly Job[];
  readonly children?: readonly { readonly rss_bytes: number; readonly job: string | null }[];
}

/** The key is not, or no longer, the right one. */
export class WrongKey extends Error {}

const KEY = 'pdf-tools-admin-key';

/**
 * The key lies in the tab's session storage: it goes with the tab, and, unlike a cookie, is never sent by itself, so that
 * no other page can have this browser do something here. No script but our own runs on this page to read it.
 */
export const keyStore = {
  get: (): string => sessionStorage.getItem(KEY) ?? '',
  set: (key: string): void => {
    sessionStorage.setItem(KEY, key);
  },
  forget: (): void => {
    sessionStorage.removeItem(KEY);
  },
};

/** Asks the admin API. Throws WrongKey, or an error that says what it said. */
export async function ask<T>(path: string, method = 'GET'): Promise<T> {
  const headers = { Authorization: `Bearer ${keyStore.get()}` };
  const response = await fetch(`/admin/api/${path}`, { method, headers, cache: 'no-store' });
  if (response.status === 401 || response.status === 403) throw new WrongKey('This is not the admin key.');
  const body: unknown = await response.json();
  if (!response.ok) throw new Error((body as { detail?: string }).detail ?? `HTTP ${response.status}`);
  return body as T;
}
