import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { JobStore } from '@pdf-tools/jobs/store';
import type { Logger } from '@pdf-tools/runtime/logger';
import { retryWhileUnavailable } from '@pdf-tools/runtime/redis-retry';

/** Returns this worker's name: its host, which is the container if there is one, and its process id there. */
export function workerName(): string {
  return `${hostname()}:${process.pid}`;
}

/**
 * Ends the leases of workers that died on this host, such as the process that this one replaces. The scheduler then
 * requeues their jobs at once. Workers of other hosts, and those that may be alive, are left to the scheduler. Two process
 * id namespaces with one hostname would end each other's leases, which costs work but no result, because of the fence.
 */
export async function releaseLeasesOfDead(
  store: Pick<JobStore, 'leaseHolders' | 'releaseLeasesOf'>,
  log: Logger,
): Promise<void> {
  for (const worker of await retryWhileUnavailable(() => store.leaseHolders(), log)) {
    if (!isDead(worker)) continue;
    const jobs = await retryWhileUnavailable(() => store.releaseLeasesOf(worker), log);
    log.warn('a worker died with jobs at work: their leases end now', { worker, jobs });
  }
}

/** Whether a worker of this host has ended. This worker's own name counts as dead, because an earlier process had it. */
export function isDead(worker: string): boolean {
  const colon = worker.lastIndexOf(':');
  const pid = Number(worker.slice(colon + 1));
  return worker.slice(0, colon) === hostname() && (pid === process.pid || !isRunning(pid));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  try {
    // The PID may belong to a thread. After a container restart it is often reused by one of our own threads.
    return readFileSync(`/proc/${pid}/status`, 'utf8').includes(`\nTgid:\t${pid}\n`);
  } catch {
    return true;
  }
}
