import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { JobStore } from '@pdf-tools/jobs/store';
import type { Logger } from '@pdf-tools/runtime/logger';
import { retryWhileUnavailable } from '@pdf-tools/runtime/redis-retry';

/** A worker's name: its host, which in a container is the container, and its process id there. */
export function workerName(): string {
  return `${hostname()}:${process.pid}`;
}

/**
 * Ends the leases of workers that died on this host, mostly of the process that this one was started again for: the
 * scheduler puts their jobs back without waiting for that. Another host's are not ours to judge, and what is in doubt
 * waits. A host is one space of process ids: workers in several of those under one hostname would end each other's leases,
 * which costs work, but no result (the fence).
 */
export async function abandonDead(
  store: Pick<JobStore, 'leaseHolders' | 'releaseLeasesOf'>,
  log: Logger,
): Promise<void> {
  for (const worker of await retryWhileUnavailable(() => store.leaseHolders(), log)) {
    if (!isDead(worker)) continue;
    const jobs = await retryWhileUnavailable(() => store.releaseLeasesOf(worker), log);
    log.warn('a worker died with jobs at work: their leases end now', { worker, jobs });
  }
}

/** True for a name of this host whose process is no more. Our own name on a job is that of a process before this one. */
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
    // What there is may be a thread: in a container that was started again one of ours often has that number.
    return readFileSync(`/proc/${pid}/status`, 'utf8').includes(`\nTgid:\t${pid}\n`);
  } catch {
    return true;
  }
}
