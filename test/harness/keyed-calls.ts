import { expect } from '@jest/globals';
import { form, json } from './http.js';
import type { FormFile, Job } from './http.js';

export interface KeyedCall {
  readonly files: readonly FormFile[];
  readonly operation?: string;
  readonly fields?: Readonly<Record<string, string>>;
  /** Instead of asking for 202. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Calls an operation with an Idempotency-Key, by default asynchronously. */
export function postKeyed(url: string, key: string, call: KeyedCall): Promise<Response> {
  const { files, operation = 'image-to-pdf', fields = {}, headers = { Prefer: 'respond-async' } } = call;
  return fetch(`${url}/api/${operation}`, {
    method: 'POST',
    body: form(files, fields),
    headers: { 'Idempotency-Key': key, ...headers },
  });
}

/** Whether an earlier request created the job of this response. */
export function isReplayed({ headers }: Response): boolean {
  return headers.get('idempotency-replayed') === 'true';
}

/** Returns the id of an accepted request's job, and whether an earlier request created it. */
export async function accepted(answer: Response): Promise<{ id: string; replayed: boolean }> {
  expect(answer.status).toBe(202);
  const { id } = await json<Job>(answer);
  expect(answer.headers.get('x-job-id')).toBe(id);
  return { id, replayed: isReplayed(answer) };
}
