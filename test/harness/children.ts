import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkerRegistry } from '@pdf-tools/jobs/worker-registry';
import { eventually } from './processes.js';
import type { TestStack } from './stack.js';

export interface Child {
  readonly pid: number;
  /** The ID of the job that it runs. */
  readonly job: string | null;
}

/** Returns the child processes in the last heartbeat of the stack's worker. A child in it may have ended since. */
export async function childrenOf(stack: TestStack): Promise<readonly Child[]> {
  const [worker] = await new WorkerRegistry(stack.redis).live(10);
  return (worker?.details?.children ?? []).flatMap(({ pid, job }) => (pid === null ? [] : [{ pid, job }]));
}

/** Stops each of `count` idle child processes with SIGSTOP, so that a job stays in one as long as the test needs. */
export function stopChildren(stack: TestStack, count: number): Promise<readonly number[]> {
  return eventually(async () => {
    const pids = (await childrenOf(stack)).map(({ pid }) => pid);
    // This throws for a child that has ended, and is repeated. A child that is stopped while it starts would take no job.
    const before = pids.map(timeOf);
    await sleep(500);
    if (pids.length !== count || pids.some((pid, i) => !isAsleep(pid) || timeOf(pid) !== before[i])) return false;
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    return pids;
  }, 'all children');
}

/** Waits until a child other than `except` has the job, and returns its process ID. */
export function childWith(stack: TestStack, job: string, except?: number): Promise<number> {
  const isOther = (child: Child): boolean => child.job === job && child.pid !== except;
  return eventually(async () => (await childrenOf(stack)).find(isOther)?.pid, 'a child with the job');
}

/** Returns field `nth` of a process's stat, counted from 0 after its name. Throws if the process has ended. */
function statOf(pid: number, nth: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[nth] ?? '';
}

function isAsleep(pid: number): boolean {
  return statOf(pid, 0) === 'S';
}

/** Returns the processor time that a process has used. */
function timeOf(pid: number): string {
  return `${statOf(pid, 11)} ${statOf(pid, 12)}`;
}
