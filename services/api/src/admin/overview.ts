import type { Storage } from '@pdf-tools/runtime/storage';
import { orUnavailable } from '@pdf-tools/runtime/redis';
import type { RequestHandler } from 'express';
import type { AdminDeps } from './app.js';
import { viewCounts } from './view.js';

export interface Build {
  readonly version: string;
  readonly revision: string;
  readonly node: string;
}

/** `GET /admin/api/overview` sends the number of jobs, the throughput, the free disk space and the build. */
export function overviewRoute({
  store,
  inspection,
  storage,
  build,
}: Pick<AdminDeps, 'store' | 'inspection' | 'storage' | 'build'>): RequestHandler {
  return async (_req, res) => {
    const now = Date.now();
    const [counts, oldest, backlog, ended, disk] = await Promise.all([
      orUnavailable(inspection.counts()),
      orUnavailable(inspection.oldest(now)),
      orUnavailable(store.backlog()),
      orUnavailable(inspection.completionsPerMinute(now)),
      spaceOf(storage),
    ]);
    res.json({
      counts: viewCounts(counts),
      queued_bytes: backlog.bytes,
      oldest_queued_seconds: Math.round(oldest.queued / 100) / 10,
      jobs_per_minute: ended,
      disk,
      build,
    });
  };
}

async function spaceOf(storage: Storage): Promise<{ free: number; total: number } | null> {
  return storage.space().catch(() => null);
}
