import { signal } from '@preact/signals';
import { authorization } from './key.js';
import { ConnectionLost, readProblem } from './problem.js';
import type { Job, Limits } from './types.js';

/** Milliseconds that the server's clock is ahead of this one. */
export const clockOffset = signal(0);

interface RequestOptions {
  readonly method?: 'GET' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** Sends a request with the API key. Throws `ProblemError` for an error of the server, and `ConnectionLost`. */
export async function request(path: string, { method = 'GET', headers, signal: abort }: RequestOptions = {}) {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: { Accept: 'application/json', ...authorization(), ...headers },
      cache: 'no-store',
      signal: abort ?? null,
    });
  } catch (error) {
    if (abort?.aborted === true) throw error;
    throw new ConnectionLost(error);
  }
  const date = Date.parse(response.headers.get('date') ?? '');
  if (!Number.isNaN(date)) clockOffset.value = date - Date.now();
  if (response.ok) return response;
  throw readProblem(response.status, await response.text(), response.headers.get('retry-after'));
}

/** Returns the current state of a job. */
export async function getJob(id: string, abort?: AbortSignal): Promise<Job> {
  return (await (await request(`/api/jobs/${id}`, { signal: abort })).json()) as Job;
}

/** Cancels an unfinished job, or deletes a finished one with its files. */
export async function deleteJob(id: string): Promise<void> {
  await request(`/api/jobs/${id}`, { method: 'DELETE' });
}

/** Returns the bytes of the result of a job. */
export async function getResult(id: string, abort?: AbortSignal): Promise<Response> {
  return request(`/api/jobs/${id}/result`, { headers: { Accept: '*/*' }, signal: abort });
}

/** Returns the limits in force. */
export async function getLimits(): Promise<Limits> {
  return (await (await request('/api/limits')).json()) as Limits;
}
