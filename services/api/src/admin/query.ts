import { AppError } from '@pdf-tools/runtime/errors';
import { JOB_STATUSES } from '@pdf-tools/jobs/record';
import type { JobStatus } from '@pdf-tools/jobs/record';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;

type Query = Readonly<Record<string, unknown>>;

/** Returns the `limit` of a query: 1 to 500, or 50 by default. */
export function limitOf({ limit }: Query): number {
  if (limit === undefined || limit === '') return DEFAULT_LIMIT;
  const number = typeof limit === 'string' && /^\d{1,4}$/.test(limit) ? Number(limit) : 0;
  if (number < 1 || number > MAX_LIMIT) throw invalid('limit', `must be a whole number from 1 to ${MAX_LIMIT}`);
  return number;
}

/** Returns the `status` of a query, or undefined for all. */
export function statusOf({ status }: Query): JobStatus | undefined {
  if (status === undefined || status === '') return undefined;
  const known = JOB_STATUSES.find((word) => word === status);
  if (known === undefined) throw invalid('status', `must be one of: ${JOB_STATUSES.join(', ')}`);
  return known;
}

const BEGINNING = /^[0-9a-f]{6,40}$/;

/** Returns the `id` of a query, which may be the beginning of one, or undefined. */
export function beginningOf({ id }: Query): string | undefined {
  if (id === undefined || id === '') return undefined;
  const beginning = typeof id === 'string' ? id : '';
  requireBeginning(beginning);
  return beginning;
}

/** Throws `invalid_params` if the text cannot be the beginning of an id. */
export function requireBeginning(text: string): void {
  if (BEGINNING.test(text)) return;
  throw invalidId(
    'The id of a job has 40 hexadecimal digits. Send at least the first 6.',
    'must have 6 to 40 hexadecimal digits',
  );
}

/** Returns the error for the id of a job. */
export function invalidId(detail: string, message: string): AppError {
  return new AppError('invalid_params', detail, { errors: [{ param: 'id', message }] });
}

/** Returns the error for a parameter of the query. `message` says what it must be. */
export function invalid(param: string, message: string): AppError {
  return new AppError('invalid_params', `"${param}" ${message}.`, { errors: [{ param, message }] });
}
