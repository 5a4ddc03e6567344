import { createHmac } from 'node:crypto';
import type { Secret } from '@pdf-tools/operations/secrets';
import { digestOf } from '@pdf-tools/runtime/digest';
import { AppError } from '@pdf-tools/runtime/errors';
import type { NewJob } from '@pdf-tools/jobs/new-job';
import type { Idempotency } from '@pdf-tools/jobs/store';

const PRINTABLE = /^[\x20-\x7e]{1,255}$/;

/** Returns the Idempotency-Key of a request, or undefined if it has none. Throws `bad_request` for an invalid one. */
export function readIdempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const key = [header].flat().join(', ');
  if (PRINTABLE.test(key)) return key;
  const message = 'must have 1 to 255 printable ASCII characters';
  throw new AppError('bad_request', `The header Idempotency-Key ${message}. Send another key.`, {
    errors: [{ param: 'Idempotency-Key', message }],
  });
}

/** The parts of a request that are compared when its key is used again. */
export interface KeyedCall {
  readonly key: string;
  /** The requested job, with parsed parameters that include the defaults. */
  readonly job: Pick<NewJob, 'client' | 'operation' | 'params'>;
  /** SHA-256 of each file, in the order of the request. */
  readonly digests: readonly string[];
  /** The secret parameters, which the job does not have. */
  readonly secret?: KeyedSecrets | undefined;
}

/** Secret parameters, and the key that hashes them. */
export interface KeyedSecrets {
  readonly secrets: readonly Secret[];
  readonly hashKey: Buffer;
}

/**
 * Returns the key of a request in its scope (client and operation) and its fingerprint. The fingerprint does not include
 * how to respond and how long to keep the result, because the first request has decided that.
 */
export function idempotencyOf({ key, job, digests, secret }: KeyedCall): Idempotency {
  const { client, operation, params } = job;
  const asked = { operation, params, digests, ...(secret && { secret: secretHash(secret) }) };
  return { key: hashOf({ key, client, operation }), fingerprint: hashOf(asked) };
}

/** The key prevents an attacker from testing passwords against the fingerprint. */
function secretHash({ secrets, hashKey }: KeyedSecrets): string {
  return createHmac('sha256', hashKey).update(canonicalJson(secrets)).digest('hex');
}

function hashOf(value: unknown): string {
  return digestOf(canonicalJson(value));
}

/** Returns JSON with the members of every object sorted by name. */
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
