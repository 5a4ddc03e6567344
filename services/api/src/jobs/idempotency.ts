import { createHash, createHmac } from 'node:crypto';
import type { Secret } from '@pdf-tools/operations/secrets';
import { AppError } from '@pdf-tools/runtime/errors';
import type { NewJob } from '@pdf-tools/jobs/new-job';
import type { Idempotency } from '@pdf-tools/jobs/store';

const PRINTABLE = /^[\x20-\x7e]{1,255}$/;

/** The Idempotency-Key of a call; undefined where it has none. Throws `bad_request` for one that cannot be taken. */
export function readIdempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const key = [header].flat().join(', ');
  if (PRINTABLE.test(key)) return key;
  const message = 'must have 1 to 255 printable ASCII characters';
  throw new AppError('bad_request', `The header Idempotency-Key ${message}. Send another key.`, {
    errors: [{ param: 'Idempotency-Key', message }],
  });
}

/** What makes two calls with one key the same call. */
export interface KeyedCall {
  readonly key: string;
  /** The job that it asks for; the parameters as the operation's schema has read them, defaults included. */
  readonly job: Pick<NewJob, 'client' | 'operation' | 'params'>;
  /** SHA-256 of each file, in the order of the request. */
  readonly digests: readonly string[];
  /** Where there are secret parameters; they are not among the job's. */
  readonly secret?: KeyedSecrets | undefined;
}

/** Secret parameters, and the key that they are hashed with. */
export interface KeyedSecrets {
  readonly secrets: readonly Secret[];
  readonly hashKey: Buffer;
}

/**
 * A call's key in its scope (API key, else client address, and operation) and its fingerprint. How the call wants to be
 * answered, and how long its result is kept, is no part of it: the first call has decided that.
 */
export function idempotencyOf({ key, job, digests, secret }: KeyedCall): Idempotency {
  const { client, operation, params } = job;
  const asked = { operation, params, digests, ...(secret && { secret: secretHash(secret) }) };
  return { key: hashOf({ key, client, operation }), fingerprint: hashOf(asked) };
}

/** Without the key nobody can try passwords until one fits the fingerprint. */
function secretHash({ secrets, hashKey }: KeyedSecrets): string {
  return createHmac('sha256', hashKey).update(canonicalJson(secrets)).digest('hex');
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** JSON in which the members of every object come in the order of their names. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    isObject(member)
      ? Object.fromEntries(Object.entries(member).sort(([left], [right]) => (left < right ? -1 : 1)))
      : member,
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
