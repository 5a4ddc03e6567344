import { PROJECT, docker } from '../stack/docker.js';
import { eventually } from '@pdf-tools/harness/processes';
import { onVolume } from './containers.js';

/** Retention is over long before; a ring whose worker died is put back after up to 45 s and found to be stale. */
const SWEPT_WITHIN_MS = 300_000;
/** Of what nobody owns the sweep leaves alone what is younger than half an hour. */
const ORPHAN_AGE_MINUTES = 31;

/** Keys that may stay: what says that a job was there once, who works, and how fast. */
const STAYS = /^pdf:(tombstone:.*|workers?(:.*)?|vtime|pace|queued-bytes)$/;

export interface Leftovers {
  /** Keys of jobs, of lists that name jobs, and of sums over them that are not 0. */
  readonly keys: readonly string[];
  /** Rings that the queue still holds. */
  readonly rings: number;
  /** Files of uploads that were never accepted, before and after their time. */
  readonly orphans: number;
  readonly files: readonly string[];
}

/** What is left once every job's retention is over. Ends when nothing is, or when it should have gone long ago. */
export async function findLeftovers(accepted: ReadonlySet<string>): Promise<Leftovers> {
  const ofJobs = async (): Promise<string[]> =>
    (await files()).filter((path) => path.split('/').some((part) => accepted.has(part)));
  await eventually(
    async () => (await keys()).length + (await rings()) + (await ofJobs()).length === 0,
    'swept',
    SWEPT_WITHIN_MS,
  ).catch(() => undefined);
  const orphans = (await files()).length - (await ofJobs()).length;
  if (orphans > 0) await ageOrphans();
  return { keys: await keys(), rings: await rings(), orphans, files: await files() };
}

/** Lets half an hour pass for what nobody owns, and has the scheduler begin with a look at it. */
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

async function rings(): Promise<number> {
  return Number(await redis('HLEN', 'bq:pdf:jobs'));
}

function redis(...args: string[]): Promise<string> {
  const command = `REDISCLI_AUTH=$(cat /run/secrets/redis_operator_password) redis-cli --user operator "$@"`;
  return docker('exec', `${PROJECT}-redis-1`, 'sh', '-c', command, 'redis', ...args);
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** Jobs whose success more than one run has logged as counting, and calls that became more than one job. */
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
