import { storageUnavailable } from '../storage-errors.js';

const NO_OBJECT = ['NoSuchKey', 'NotFound', 'NoSuchUpload'];
const MAX_MESSAGE = 300;

/**
 * Returns an error of the S3 client as one of this project: ENOENT for an object that does not exist, otherwise
 * `storage_unavailable`. The cause has only name, status and message, because the client's own error has headers and the text
 * that was signed.
 */
export function asStorageError(thrown: unknown): Error {
  const { name, message, status } = describe(thrown);
  const code = status === undefined ? '' : ` (${status})`;
  if (NO_OBJECT.includes(name)) return Object.assign(new Error('the object does not exist'), { code: 'ENOENT' });
  return storageUnavailable(new Error(`${name}${code}: ${message.slice(0, MAX_MESSAGE)}`));
}

/** Returns the error of a check of the bucket. The answer to a HEAD request has no text, only a status. */
export function asBucketError(thrown: unknown): Error {
  const { status } = describe(thrown);
  if (status === 404) return storageUnavailable(new Error('the bucket does not exist'));
  if (status === 403) return storageUnavailable(new Error('the access key may not use the bucket'));
  return asStorageError(thrown);
}

/** Whether a conditional request failed, because the object exists already. */
export function isPreconditionFailed(thrown: unknown): boolean {
  return describe(thrown).name === 'PreconditionFailed';
}

/** Whether the bucket has no lifecycle rules. */
export function hasNoLifecycle(thrown: unknown): boolean {
  return describe(thrown).name === 'NoSuchLifecycleConfiguration';
}

function describe(thrown: unknown): { name: string; message: string; status: number | undefined } {
  if (!(thrown instanceof Error)) return { name: 'Error', message: String(thrown), status: undefined };
  const metadata = '$metadata' in thrown ? (thrown.$metadata as { httpStatusCode?: number }) : {};
  return { name: thrown.name, message: thrown.message, status: metadata.httpStatusCode };
}
