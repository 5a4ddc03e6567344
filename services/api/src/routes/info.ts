import { FORMATS } from '@pdf-tools/operations/formats';
import type { Operation } from '@pdf-tools/operations/operation';
import type { WorkerRegistry } from '@pdf-tools/shared/worker-registry';
import type { RequestHandler } from 'express';
import { RATE } from '../http/rate-limit.js';

/** An answer that is the same for the life of the process. */
export function constantJson(value: unknown, maxAgeSeconds: number): RequestHandler {
  const body = Buffer.from(JSON.stringify(value));
  return (_req, res) => {
    res.setHeader('Content-Type', 'application/json');
    res.setHeader('Cache-Control', maxAgeSeconds > 0 ? `public, max-age=${maxAgeSeconds}` : 'no-store');
    res.end(body);
  };
}

const MOST_WORKERS = 100;

/**
 * `GET /version`: what runs here, and in what box strangers' files are worked on. `sandbox` is `none` where a worker is
 * without Landlock, null where no worker lives or Redis does not say.
 */
export function versionRoute(
  build: Readonly<Record<string, string>>,
  workers: Pick<WorkerRegistry, 'sandbox'>,
): RequestHandler {
  return async (_req, res) => {
    const sandbox = await workers.sandbox(MOST_WORKERS).catch(() => undefined);
    res.setHeader('Cache-Control', 'no-store');
    res.json({ ...build, sandbox: sandbox ?? null });
  };
}

export interface LimitSettings {
  readonly maxUploadBytes: number;
  readonly maxRetainSeconds: number;
  readonly syncWaitSeconds: number;
  readonly maxJobs: number;
  readonly rateLimited: boolean;
}

/** The body of /api/limits. */
export function describeLimits(operations: Readonly<Record<string, Operation>>, settings: LimitSettings) {
  return {
    max_upload_bytes: settings.maxUploadBytes,
    max_retain_seconds: settings.maxRetainSeconds,
    sync_wait_seconds: settings.syncWaitSeconds,
    max_queued_jobs: settings.maxJobs,
    rate: settings.rateLimited ? RATE : null,
    operations: Object.fromEntries(
      Object.entries(operations).map(([name, { accepts }]) => [
        name,
        {
          field: accepts.field,
          max_files: accepts.maxFiles,
          formats: accepts.formats.map((format) => FORMATS[format].mediaType),
        },
      ]),
    ),
  };
}
