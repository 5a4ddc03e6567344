import { FORMATS } from '@pdf-tools/operations/formats';
import { fieldsOf } from '@pdf-tools/operations/operation';
import type { Operation, Operations } from '@pdf-tools/operations/operation';
import type { AdmissionLimits } from '@pdf-tools/jobs/admission';
import { MAX_RECORD_BYTES } from '@pdf-tools/jobs/new-job';
import type { WorkerRegistry } from '@pdf-tools/jobs/worker-registry';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { MAX_NAME_CHARACTERS } from '../http/names.js';
import { FIELD_LIMITS } from '../upload/upload-errors.js';
import { RATE } from '../http/rate-limit.js';

/** Returns a handler whose response never changes. */
export function constantJson(value: unknown, maxAgeSeconds: number): RequestHandler {
  const body = Buffer.from(JSON.stringify(value));
  return (_req, res) => {
    res.setHeader('Content-Type', 'application/json');
    res.setHeader('Cache-Control', maxAgeSeconds > 0 ? `public, max-age=${maxAgeSeconds}` : 'no-store');
    res.end(body);
  };
}

const MAX_WORKERS = 100;

/**
 * `GET /version` sends the build and the sandbox that processes untrusted input. `sandbox` is `none` if a worker has no Landlock,
 * and null if no worker runs or Redis does not answer.
 */
export function versionRoute(
  build: Readonly<Record<string, string>>,
  workers: Pick<WorkerRegistry, 'sandbox'>,
): RequestHandler {
  return async (_req, res) => {
    const sandbox = await workers.sandbox(MAX_WORKERS).catch(() => undefined);
    res.setHeader('Cache-Control', 'no-store');
    res.json({ ...build, sandbox: sandbox ?? null });
  };
}

export interface LimitSettings {
  readonly maxUploadBytes: number;
  readonly maxRetainSeconds: number;
  readonly syncWaitSeconds: number;
  readonly queue: AdmissionLimits;
  readonly rateLimited: boolean;
}

/** The parts of a JSON Schema that bound lengths. */
interface Bounded {
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly items?: Bounded;
  readonly properties?: Readonly<Record<string, Bounded>>;
}

/** Returns the maximum length of each text and list among the parameters, by its name as in `items[].title`. */
function maxLengths(params: Operation['params']): Readonly<Record<string, number>> {
  const found: [string, number][] = [];
  const collect = ({ maxLength, maxItems, items, properties = {} }: Bounded, path: string): void => {
    const max = maxLength ?? maxItems;
    if (max !== undefined) found.push([path, max]);
    if (items) collect(items, `${path}[]`);
    for (const [name, member] of Object.entries(properties)) collect(member, path === '' ? name : `${path}.${name}`);
  };
  collect(z.toJSONSchema(params, { io: 'output', unrepresentable: 'any' }) as Bounded, '');
  return Object.fromEntries(found);
}

/** Returns the body of /api/limits. */
export function describeLimits(operations: Operations, settings: LimitSettings) {
  const { queue } = settings;
  return {
    max_upload_bytes: settings.maxUploadBytes,
    max_retain_seconds: settings.maxRetainSeconds,
    sync_wait_seconds: settings.syncWaitSeconds,
    max_queued_jobs: queue.jobs,
    max_queued_bytes: queue.bytes,
    max_queued_jobs_per_client: queue.clientJobs,
    max_queued_bytes_per_client: queue.clientBytes,
    /** Limit of the parameters and file names of a job as JSON. */
    max_record_bytes: MAX_RECORD_BYTES,
    max_field_bytes: FIELD_LIMITS.fieldSize,
    max_file_name_characters: MAX_NAME_CHARACTERS,
    rate: settings.rateLimited ? RATE : null,
    operations: Object.fromEntries(
      Object.entries(operations).map(([name, { accepts, params }]) => [
        name,
        {
          field: accepts.field,
          fields: fieldsOf(accepts),
          max_files: accepts.maxFiles,
          max_lengths: maxLengths(params),
          formats: accepts.formats.map((format) => FORMATS[format].mediaType),
        },
      ]),
    ),
  };
}
