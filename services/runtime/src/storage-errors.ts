import { AppError } from './errors.js';

const RETRY_SECONDS = 5;

/** Returns the error for a storage that does not answer or refuses to work. */
export function storageUnavailable(cause?: unknown): AppError {
  return new AppError('storage_unavailable', `The file storage is unavailable. Try again in ${RETRY_SECONDS} s.`, {
    retryAfter: RETRY_SECONDS,
    cause,
  });
}

/** Returns the error for a stored file whose bytes are not the ones that were stored. `file` is its name for the client. */
export function storageCorrupted(file: string): AppError {
  return new AppError('storage_corrupted', `The storage returned wrong bytes for ${file}.`);
}
