import { AppError } from '@pdf-tools/runtime/errors';
import { JOB_STATUSES } from '@pdf-tools/jobs/record';
import type { JobStatus } from '@pdf-tools/jobs/record';

const DEFAULT_LIMIT = 50;
const MOST = 500;

type Query = Readonly<Record<string, unknown>>;

/** The `limit` of a query: 1 to 500, 50 where there is none. */
export function limitOf({ limit }: Query): number {
  if (limit === undefined || limit === '') return DEFAULT_LIMIT;
  const number = typeof limit === 'string' && /^\d{1,4}$/.test(limit) ? Number(limit) : 0;
  if (number < 1 || number > MOST) throw invalid('limit', `limit is a whole number from 1 to ${MOST}.`);
  return number;
}

/** The `status` of a query, or undefined for all. */
export function statusOf({ status }: Query): JobStatus | undefined {
  if (status === undefined || status === '') return undefined;
  const known = JOB_STATUSES.find((word) => word === status);
  if (known === undefined) throw invalid('status', `status is one of: ${JOB_STATUSES.join(', ')}.`);
  return known;
}

function invalid(param: string, message: string): AppError {
  return new AppError('invalid_params', message, { errors: [{ param, message }] });
}
