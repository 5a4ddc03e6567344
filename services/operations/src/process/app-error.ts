import { AppError, toAppError } from '@pdf-tools/runtime/errors';
import { isDiskFull } from '@pdf-tools/runtime/files';

/** Returns a thrown value as the error of a job: `disk_full` if the disk is full, else as `toAppError` has it. */
export function toJobError(thrown: unknown): AppError {
  if (isDiskFull(thrown)) return new AppError('disk_full', 'The disk is full.', { retryAfter: 60, cause: thrown });
  return toAppError(thrown);
}
