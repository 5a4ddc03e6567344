import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestStack } from '@pdf-tools/harness/stack';

const PROCESSES = ['api', 'worker', 'redis'] as const;
export type ProcessName = (typeof PROCESSES)[number] | 'children';

/** Milliseconds of a tick of /proc/PID/stat. */
const MS_PER_TICK = 10;
/** Fields of /proc/PID/stat after the name: the parent, and ticks in user mode and in the kernel, own and of ended children. */
const STAT = { parent: 1, user: 11, system: 12, endedUser: 13, endedSystem: 14 };
const SYNCS = ['fsync', 'fdatasync'];
const COUNTED_CALLS = [...SYNCS, 'mkdir', 'write', 'writev', 'pwrite64', 'read', 'rename'];
const STRACE_STARTS_MS = 500;

/** What a number of requests did in a stack, in total. */
export interface Counts {
  /** Commands that clients sent to Redis, by name. Commands inside of scripts are not in it. */
  readonly commands: ReadonlyMap<string, number>;
  readonly aofBytes: number;
  readonly logLines: number;
  /** System calls by process and name. */
  readonly calls: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** Returns the number of calls of one process that wait for the disk. */
export function syncsOf({ calls }: Counts, name: ProcessName): number {
  return SYNCS.reduce((sum, call) => sum + (calls.get(name)?.get(call) ?? 0), 0);
}

/** Counts what `work` does. It is slow meanwhile, because strace stops each counted system call. */
export async function count(stack: TestStack, work: () => Promise<void>): Promise<Counts> {
  const commands = new Map<string, number>();
  const monitor = stack.redis.duplicate();
  monitor.on('error', () => undefined);
  await monitor.connect();
  await monitor.monitor((line) => {
    const [, source = '', name = ''] = /\[\d+ (\S+?)\] "([^"]+)"/.exec(line) ?? [];
    if (source !== 'lua') add(commands, name.toLowerCase());
  });
  const traces = await Promise.all(PROCESSES.map((name) => trace(stack, name)));
  const aofBefore = await aofSize(stack);
  for (const name of ['api', 'worker']) stack.process(name).output = '';
  await work();
  const aofBytes = (await aofSize(stack)) - aofBefore;
  // Log lines may be buffered.
  await sleep(STRACE_STARTS_MS);
  const logLines = ['api', 'worker'].reduce((sum, name) => sum + stack.process(name).lines.length, 0);
  monitor.destroy();
  const calls = new Map(await Promise.all(traces.map((stop) => stop())));
  return { commands, aofBytes, logLines, calls };
}

async function aofSize({ redis }: TestStack): Promise<number> {
  return Number(/aof_current_size:(\d+)/.exec(await redis.info('persistence'))?.[1] ?? 0);
}

/** Attaches strace to a process. The returned function detaches it and returns the number of calls by name. */
async function trace(stack: TestStack, name: string) {
  const file = join(stack.folder, `${name}.calls`);
  const options = ['-f', '-c', '-qq', '-o', file, '-e', `trace=${COUNTED_CALLS.join()}`];
  const strace = spawn('strace', [...options, '-p', String(stack.process(name).pid)], { stdio: 'ignore' });
  await sleep(STRACE_STARTS_MS);
  return async (): Promise<[string, ReadonlyMap<string, number>]> => {
    strace.kill('SIGINT');
    await once(strace, 'exit');
    return [name, readSummary(await readFile(file, 'utf8'))];
  };
}

/** Reads the table of `strace -c`. The fourth column is the number of calls and the last one the name. */
function readSummary(text: string): ReadonlyMap<string, number> {
  const rows = text.split('\n').map((line) => line.trim().split(/\s+/));
  const calls = rows.filter((row) => COUNTED_CALLS.includes(row.at(-1) ?? ''));
  return new Map(calls.map((row) => [row.at(-1) ?? '', Number(row[3])]));
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** Returns the processor time in ms that each process of a stack has used, and the children of the worker together. */
export function cpuTimes(stack: TestStack): ReadonlyMap<ProcessName, number> {
  const worker = stack.process('worker').pid;
  const children = processes().filter(({ parent }) => parent === worker);
  const ended = statOf(String(worker))?.ticksOfEnded ?? 0;
  const own = PROCESSES.map((name) => [name, ticksOf(stack.process(name).pid)] as const);
  const ofChildren = children.reduce((sum, { ticks }) => sum + ticks, ended);
  return new Map([...own, ['children', ofChildren] as const].map(([name, ticks]) => [name, ticks * MS_PER_TICK]));
}

function ticksOf(pid: number): number {
  return statOf(String(pid))?.ticks ?? 0;
}

function processes() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => statOf(pid) ?? []);
}

/** Undefined if the process has ended. */
function statOf(pid: string) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name of the command may have spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[STAT.user]) + Number(fields[STAT.system]);
    const ticksOfEnded = Number(fields[STAT.endedUser]) + Number(fields[STAT.endedSystem]);
    return { parent: Number(fields[STAT.parent]), ticks, ticksOfEnded };
  } catch {
    return undefined;
  }
}
