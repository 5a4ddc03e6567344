/** The parts of the admin API's responses that the page shows. */
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

export interface DeadLetter extends Job {
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

/** The admin API does not accept the key. */
export class WrongKey extends Error {}

const KEY = 'pdf-tools-admin-key';

/**
 * Stores the key in the session storage of the tab, which ends with the tab. Unlike a cookie, the browser never sends it
 * automatically, so another page cannot send requests with it. Only our own scripts run on this page.
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

/** Sends a request to the admin API and returns its response. Throws `WrongKey`, or an error with the detail of the API's. */
export async function request<T>(path: string, method = 'GET'): Promise<T> {
  const headers = { Authorization: `Bearer ${keyStore.get()}` };
  const response = await fetch(`/admin/api/${path}`, { method, headers, cache: 'no-store' });
  if (response.status === 401 || response.status === 403)
    throw new WrongKey('This is not the admin key. Check the file admin_key.');
  const body: unknown = await response.json();
  if (!response.ok) throw new Error((body as { detail?: string }).detail ?? `HTTP ${response.status}`);
  return body as T;
}
