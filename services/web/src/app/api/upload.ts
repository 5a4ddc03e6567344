import { authorization } from './key.js';
import { ConnectionLost, readProblem } from './problem.js';
import type { Job } from './types.js';

interface Upload {
  readonly operation: string;
  readonly form: FormData;
  /** The server gives the same job to a request that is repeated with this key. */
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
  readonly onProgress: (sentBytes: number, totalBytes: number) => void;
}

/** Sends files and returns the job. `fetch` reports no upload progress, so this is an XMLHttpRequest. */
export function upload({ operation, form, idempotencyKey, signal, onProgress }: Upload): Promise<Job> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const xhr = new XMLHttpRequest();
    xhr.open('POST', `/api/${operation}`);
    const headers = { ...authorization(), 'Idempotency-Key': idempotencyKey, Prefer: 'respond-async' };
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.upload.addEventListener('progress', ({ loaded, total }) => {
      onProgress(loaded, total);
    });
    xhr.addEventListener('load', () => {
      if (xhr.status === 202) resolve(JSON.parse(xhr.responseText) as Job);
      else reject(readProblem(xhr.status, xhr.responseText, xhr.getResponseHeader('retry-after')));
    });
    xhr.addEventListener('error', () => {
      reject(new ConnectionLost());
    });
    const abort = (): void => {
      xhr.abort();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort);
    xhr.addEventListener('loadend', () => {
      signal.removeEventListener('abort', abort);
    });
    xhr.send(form);
  });
}
