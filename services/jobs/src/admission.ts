import type { Redis } from '@pdf-tools/runtime/redis';
import { withTimeout } from '@pdf-tools/runtime/redis-timeout';
import { KEYS } from './keys.js';

/** Share of Redis's `maxmemory` above which no new job is accepted. The rest is for finishing accepted jobs. */
export const MAX_MEMORY_SHARE = 0.8;
/** Share from which the api reports itself unready. It is lower, because a refused request frees its memory again. */
export const REPORTED_MEMORY_SHARE = 0.79;

/** The limits for which a job can be refused. */
export type Refusal = 'memory' | 'jobs' | 'bytes' | 'client_jobs' | 'client_bytes';

/** Unfinished jobs, and the bytes of their inputs. */
interface Usage {
  readonly jobs: number;
  readonly bytes: number;
}

/** The room for new jobs. */
export interface Headroom {
  /** Share of Redis's `maxmemory` in use; 0 if it has no limit. */
  readonly memoryShare: number;
  /** Unfinished jobs of each client that has any. */
  readonly clients: ReadonlyMap<string, Usage>;
}

/** Limits for new jobs. 0 means no limit. */
export interface AdmissionLimits {
  /** Unfinished jobs. */
  readonly jobs: number;
  /** Bytes of the inputs of queued jobs. */
  readonly bytes: number;
  /** Unfinished jobs of one client, and bytes of their inputs. */
  readonly clientJobs: number;
  readonly clientBytes: number;
}

export const UNLIMITED: AdmissionLimits = { jobs: 0, bytes: 0, clientJobs: 0, clientBytes: 0 };

/** Reads the room for new jobs in one round trip. */
export async function readHeadroom(redis: Redis): Promise<Headroom> {
  const [info, jobs, bytes] = await withTimeout(
    Promise.all([redis.info('memory'), redis.hGetAll(KEYS.clientJobs), redis.hGetAll(KEYS.clientBytes)]),
  );
  const clients = Object.entries(jobs).map(
    ([client, count]) => [client, { jobs: Number(count), bytes: Number(bytes[client] ?? 0) }] as const,
  );
  return { memoryShare: usedShare(info), clients: new Map(clients) };
}

function usedShare(info: string): number {
  const figure = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
  const limit = figure('maxmemory');
  return limit === 0 ? 0 : figure('used_memory') / limit;
}
