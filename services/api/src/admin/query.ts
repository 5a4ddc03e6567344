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

/** Returns the error for a parameter of the query. `message` says what it must be. */
export function invalid(param: string, message: string): AppError {
  return new AppError('invalid_params', `"${param}" ${message}.`, { errors: [{ param, message }] });
}
