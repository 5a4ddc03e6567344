import { PROJECT, docker } from '../stack/docker.js';
import { eventually } from '@pdf-tools/harness/processes';
import { onVolume } from './containers.js';

/** Longer than retention, and than the 45 s after which a dead worker's notification is requeued and found stale. */
const SWEPT_WITHIN_MS = 300_000;
/** The sweep keeps files without an owner for half an hour. */
const ORPHAN_AGE_MINUTES = 31;

/** Keys that may stay: tombstones, worker registry, fair-queueing time and throughput. */
const STAYS = /^pdf:(tombstone:.*|workers?(:.*)?|vtime|pace|queued-bytes)$/;

export interface Leftovers {
  /** Keys of jobs, of lists that name jobs, and of sums over them that are not 0. */
  readonly keys: readonly string[];
  /** Notifications that the queue still holds. */
  readonly notifications: number;
  /** Files of uploads that were never accepted, before they were made old enough to be swept. */
  readonly orphans: number;
  readonly files: readonly string[];
}

/** Returns what remains after every job's retention, once nothing does or the time limit has passed. */
export async function findLeftovers(accepted: ReadonlySet<string>): Promise<Leftovers> {
  const ofJobs = async (): Promise<string[]> =>
    (await files()).filter((path) => path.split('/').some((part) => accepted.has(part)));
  await eventually(
    async () => (await keys()).length + (await notifications()) + (await ofJobs()).length === 0,
    'swept',
    SWEPT_WITHIN_MS,
  ).catch(() => undefined);
  const orphans = (await files()).length - (await ofJobs()).length;
  if (orphans > 0) await ageOrphans();
  return { keys: await keys(), notifications: await notifications(), orphans, files: await files() };
}

/** Ages files without an owner by half an hour and restarts the scheduler, which starts with a sweep. */
async function ageOrphans(): Promise<void> {
  await onVolume(
    `find /data/uploads /data/temp -mindepth 1 -exec touch -d '@'$(($(date +%s) - ${ORPHAN_AGE_MINUTES * 60})) {} +`,
  );
  await docker('restart', `${PROJECT}-scheduler-1`);
  await eventually(async () => (await files()).length === 0, 'orphans gone').catch(() => undefined);
}

async function files(): Promise<string[]> {
  return lines(await onVolume('find /data/uploads /data/temp -type f'));
}

async function keys(): Promise<string[]> {
  const all = lines(await redis('--scan', '--pattern', 'pdf:*')).filter((key) => !STAYS.test(key));
  const bytes = (await redis('GET', 'pdf:queued-bytes')).trim();
  return ['', '0'].includes(bytes) ? all : [...all, `pdf:queued-bytes = ${bytes}`];
}

async function notifications(): Promise<number> {
  return Number(await redis('HLEN', 'bq:pdf:jobs'));
}

function redis(...args: string[]): Promise<string> {
  const command = `REDISCLI_AUTH=$(cat /run/secrets/redis_operator_password) redis-cli --user operator "$@"`;
  return docker('exec', `${PROJECT}-redis-1`, 'sh', '-c', command, 'redis', ...args);
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** Returns jobs that succeeded twice and requests that became two jobs, from the workers' logs. */
export async function loggedTwice(): Promise<string[]> {
  const logs = await Promise.all(['worker-1', 'worker-2'].map((name) => docker('logs', `${PROJECT}-${name}`)));
  const ends = lines(logs.join('\n'))
    .filter((line) => line.includes('"job succeeded"'))
    .map((line) => JSON.parse(line) as { job_id: string; request_id: string });
  const seen = new Set<string>();
  return ends.flatMap(({ job_id: job, request_id }) => {
    const again = seen.has(job) || seen.has(request_id);
    seen.add(job).add(request_id);
    return again ? [`${request_id} ${job}`] : [];
  });
}
