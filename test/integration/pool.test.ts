import { afterEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChildProcess } from '@pdf-tools/operations/process/child-process';
import { QPDF } from '@pdf-tools/operations/process/repair';
import { createLogger } from '@pdf-tools/runtime/logger';
import { Pool } from '@pdf-tools/worker/pool';
import type { Outcome, PoolOptions } from '@pdf-tools/worker/pool';
import type { Launcher } from '@pdf-tools/worker/sandbox/launcher';
import { Slot } from '@pdf-tools/worker/slot';
import { launcherOf } from '@pdf-tools/harness/launch';
import type { TestLauncher } from '@pdf-tools/harness/launch';
import { eventually } from '@pdf-tools/harness/processes';

let pool: Pool;
let launcher: TestLauncher;
let jobs = 0;

async function startPool(options: Partial<PoolOptions> = {}): Promise<void> {
  const limits = { heapMb: 64, memoryMb: 400 };
  launcher = await launcherOf('faulty-child', limits);
  pool = new Pool(
    {
      size: 1,
      launcher,
      slots: launcher.slots,
      memoryMb: limits.memoryMb,
      maxJobsPerChild: 1000,
      softMs: 60_000,
      hardMs: 60_000,
      ...options,
    },
    createLogger({ service: 'test', level: 'error' }),
  );
  await pool.start();
}
afterEach(async () => {
  await pool.close();
  launcher.close();
});

interface RunOptions {
  readonly stop?: AbortSignal;
  readonly client?: string;
  /** Contents of the inputs. */
  readonly inputs?: readonly string[];
  readonly makeInput?: (path: string, content: string) => void;
}

/** Where the output of the last job goes. */
const outputPath = (): string => join(launcher.folder, 'temp', String(jobs));

function run(
  fault: string,
  { stop = new AbortController().signal, client = 'a', inputs = [], makeInput = writeFileSync }: RunOptions = {},
): Promise<Outcome> {
  jobs++;
  const files = inputs.map((content, position) => {
    const path = join(launcher.folder, 'uploads', `${jobs}-${position}`);
    makeInput(path, content);
    return { path, name: 'a.pdf', bytes: content.length, format: 'pdf' as const };
  });
  const job = { job: `j${jobs}`, client, operation: 'merge-pdf', params: { fault }, inputs: files } as const;
  return pool.run({ ...job, outputPath: outputPath() }, () => undefined, stop);
}

/** What the scheduler does to a worker that it takes for dead. */
function removeSlots(): void {
  for (const name of readdirSync(launcher.slots)) rmSync(join(launcher.slots, name), { recursive: true });
}

function makeFifo(path: string): void {
  execFileSync('mkfifo', [path]);
}

/** Number of processes of this one that are qpdf, or are about to be. */
function repairs(): number {
  const pids = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean);
  return pids.filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(QPDF)).length;
}

function pidOf(outcome: Outcome): unknown {
  return outcome.kind === 'done' ? outcome.result.report.pid : outcome;
}

function filesOf(outcome: Outcome): Readonly<Record<string, string>> {
  return outcome.kind === 'done' ? (outcome.result.report.files as Record<string, string>) : {};
}

describe('the pool', () => {
  it('runs one task after the other in the same warm process', async () => {
    await startPool();
    const [first, second] = [await run('none'), await run('none')];
    expect(first.kind).toBe('done');
    expect(pidOf(second)).toBe(pidOf(first));
  });

  it.each(['crash', 'segfault'])('reports a %s as a crash, and runs the next task', async (fault) => {
    await startPool();
    expect(await run(fault)).toMatchObject({ kind: 'crashed', error: { code: 'worker_crashed' } });
    expect(await run('none')).toMatchObject({ kind: 'done' });
  });

  it.each(['heap', 'resident'])('ends a process that outgrows its %s memory', async (fault) => {
    await startPool();
    expect(await run(fault)).toMatchObject({ kind: 'crashed', error: { code: 'out_of_memory' } });
    expect(await run('none')).toMatchObject({ kind: 'done' });
  });

  it('aborts at the soft limit, and takes any failure after it for a time limit', async () => {
    await startPool({ softMs: 100 });
    expect(await run('wait')).toMatchObject({ kind: 'failed', error: { code: 'time_limit' } });
  });

  it('kills at the hard limit what does not listen', async () => {
    await startPool({ softMs: 100, hardMs: 300 });
    expect(await run('hang')).toMatchObject({ kind: 'failed', error: { code: 'time_limit' } });
    expect(await run('none')).toMatchObject({ kind: 'done' });
  });

  it('kills when its caller aborts', async () => {
    await startPool();
    const stop = new AbortController();
    const outcome = run('hang', { stop: stop.signal });
    await sleep(100);
    stop.abort();
    expect(await outcome).toEqual({ kind: 'stopped' });
    expect(await run('none')).toMatchObject({ kind: 'done' });
  });

  it('does not keep a stopped task waiting for a process', async () => {
    await startPool();
    const [busy, waiting] = [new AbortController(), new AbortController()];
    const running = ['a', 'b'].map((client) => run('wait', { client, stop: busy.signal }));
    const outcome = run('none', { client: 'c', stop: waiting.signal });
    waiting.abort();
    expect(await outcome).toEqual({ kind: 'stopped' });
    expect(pool.children().filter(({ job }) => job !== null)).toHaveLength(2);
    busy.abort();
    await Promise.all(running);
  });

  it('replaces a process that has run its maximum number of tasks', async () => {
    await startPool({ maxJobsPerChild: 1 });
    const [first, second] = [await run('none'), await run('none')];
    expect(pidOf(first)).toEqual(expect.any(Number));
    expect(pidOf(second)).not.toBe(pidOf(first));
  });

  it('keeps the other tasks running when one process dies', async () => {
    await startPool({ size: 2 });
    const [slow, crash] = await Promise.all([run('slow'), run('crash', { client: 'b' })]);
    expect(slow.kind).toBe('done');
    expect(crash.kind).toBe('crashed');
  });
});

describe('a child that breaks the protocol', () => {
  it.each([
    'bytes without an end',
    'a long frame',
    'messages without an end',
    'no JSON',
    'an unknown message',
    'a repair of another file',
  ])('is ended when it sends %s, and the parent goes on', async (fault) => {
    await startPool();
    const before = process.memoryUsage.rss();
    expect(await run(fault)).toMatchObject({ kind: 'crashed', error: { code: 'worker_crashed' } });
    expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 2 ** 20);
    expect(await run('none')).toMatchObject({ kind: 'done' });
  });
});

(existsSync(QPDF) ? describe : describe.skip)('the repair of inputs', () => {
  /** Inputs that qpdf waits for. */
  const named = (count: number) => ({ inputs: Array.from({ length: count }, () => ''), makeInput: makeFifo });

  it('runs one at a time, however many the child asks for', async () => {
    await startPool();
    const stop = new AbortController();
    const outcome = run('a repair of each input', { ...named(10), stop: stop.signal });
    await eventually(() => Promise.resolve(repairs() > 0), 'a repair runs');
    await sleep(300);
    expect(repairs()).toBe(1);
    stop.abort();
    expect(await outcome).toEqual({ kind: 'stopped' });
    await eventually(() => Promise.resolve(repairs() === 0), 'the repair is stopped');
  });

  it('ends with the task', async () => {
    await startPool();
    expect(await run('an end before its repair', named(1))).toMatchObject({ kind: 'done' });
    await eventually(() => Promise.resolve(repairs() === 0), 'the repair is stopped', 10_000);
  });
});

it('a child that sends a file descriptor does not abort its parent, nor leave it the descriptor', async () => {
  await startPool();
  const other = await launcherOf('descriptor-child', { syscallFilter: '' });
  const open = (): number => readdirSync('/proc/self/fd').length;
  const before = open();
  const child = new ChildProcess(other.start(Slot.create(other.slots)));
  try {
    await Promise.race([child.ready, child.exited.then((exit) => Promise.reject(new Error(exit.stderr)))]);
  } finally {
    child.kill();
    await child.exited;
    other.close();
  }
  await eventually(() => Promise.resolve(open() <= before), 'the descriptor is closed');
});

describe('a slot', () => {
  it('gives the child its inputs, and takes the output to its place', async () => {
    await startPool();
    const files = filesOf(await run('none', { inputs: ['first', 'second'] }));
    expect(Object.values(files).sort()).toEqual(['first', 'output', 'second']);
    for (const path of Object.keys(files)) expect(path.startsWith(launcher.slots)).toBe(true);
    expect(readFileSync(outputPath(), 'latin1')).toBe('output');
    expect(statSync(outputPath()).mode & 0o7777).toBe(0o640);
  });

  it('is empty for the next task', async () => {
    await startPool();
    const first = await run('none', { inputs: ['first', 'second'] });
    const second = await run('none', { inputs: ['third'] });
    expect(pidOf(second)).toBe(pidOf(first));
    expect(Object.values(filesOf(second)).sort()).toEqual(['output', 'third']);
  });

  it.each(['a symbolic link', 'a hard link', 'a folder', 'a file of another size', 'no output'])(
    'refuses %s for an output',
    async (fault) => {
      await startPool();
      expect(await run(fault)).toMatchObject({ kind: 'failed', error: { code: 'internal_error' } });
      expect(existsSync(outputPath())).toBe(false);
      expect(await run('none')).toMatchObject({ kind: 'done' });
    },
  );

  it('is not used again if a task leaves many files in it', async () => {
    const reasons: string[] = [];
    await startPool({ onReplaced: (reason) => reasons.push(reason) });
    const [first, second] = [await run('many files'), await run('none')];
    expect(pidOf(second)).not.toBe(pidOf(first));
    await eventually(() => Promise.resolve(reasons.includes('slot_not_empty')), 'the process is replaced');
  });

  it('is removed when its process ends, and all are when the pool closes', async () => {
    await startPool();
    const [before] = Object.keys(filesOf(await run('none')));
    await run('crash');
    await run('none');
    await eventually(() => Promise.resolve(!existsSync(String(before))), 'the slot is removed');
    await pool.close();
    expect(readdirSync(launcher.slots)).toEqual([]);
  });

  it('is replaced if it was removed while its process was idle', async () => {
    const reasons: string[] = [];
    await startPool({ onReplaced: (reason) => reasons.push(reason) });
    await run('none');
    removeSlots();
    expect(await run('none', { inputs: ['first'] })).toMatchObject({ kind: 'done' });
    await eventually(() => Promise.resolve(reasons.includes('slot_lost')), 'the process is replaced');
  });

  it('that is removed during a task does not make the task fail permanently', async () => {
    await startPool();
    const outcome = run('no output after a while');
    await eventually(() => Promise.resolve(pool.children().some(({ job }) => job !== null)), 'the task runs');
    removeSlots();
    expect(await outcome).toMatchObject({ kind: 'crashed', error: { code: 'worker_crashed' } });
    expect(await run('none')).toMatchObject({ kind: 'done' });
  });

  it('is not left behind by a process that does not start', async () => {
    let failures = 2;
    const start: Launcher['start'] = (slot) => {
      if (failures-- > 0) throw new Error('no process');
      return launcher.start(slot);
    };
    await startPool({ launcher: { start } });
    await eventually(() => Promise.resolve(pool.children().length === 2), 'two processes');
    await eventually(() => Promise.resolve(readdirSync(launcher.slots).length === 2), 'two slots', 5_000);
  });

  it('is not made after the pool is closed', async () => {
    await startPool();
    await run('crash');
    await pool.close();
    await sleep(100);
    await eventually(() => Promise.resolve(readdirSync(launcher.slots).length === 0), 'no slots', 5_000);
  });

  it('takes copies if inputs and outputs are on another file system', async () => {
    await startPool();
    const elsewhere = mkdtempSync('/dev/shm/pdf-tools-test-');
    try {
      const [path, outputPath] = [join(elsewhere, 'in'), join(elsewhere, 'out')];
      writeFileSync(path, 'far away');
      const input = { path, name: 'a.pdf', bytes: 8, format: 'pdf' } as const;
      const job = { job: 'j', client: 'a', operation: 'merge-pdf', params: { fault: 'none' } } as const;
      const { signal } = new AbortController();
      const outcome = await pool.run({ ...job, inputs: [input], outputPath }, () => undefined, signal);
      expect(outcome).toMatchObject({ kind: 'done' });
      expect(Object.values(filesOf(outcome)).sort()).toEqual(['far away', 'output']);
      expect(readFileSync(outputPath, 'latin1')).toBe('output');
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });
});

describe('a process', () => {
  it('serves one client only', async () => {
    await startPool({ size: 2 });
    const first = await run('none', { client: 'a' });
    const second = await run('none', { client: 'b' });
    const third = await run('none', { client: 'c' });
    expect(new Set([first, second, third].map(pidOf)).size).toBe(3);
    const seen = Object.keys(filesOf(third));
    for (const outcome of [first, second])
      for (const path of Object.keys(filesOf(outcome))) expect(seen).not.toContain(path);
  });

  it('is kept for a client that comes back while there is one more', async () => {
    await startPool({ size: 2 });
    const first = await run('none', { client: 'a' });
    await run('none', { client: 'b' });
    expect(pidOf(await run('none', { client: 'a' }))).toBe(pidOf(first));
  });

  it('that was idle longest makes room, so that a fresh one is ready', async () => {
    const reasons: string[] = [];
    await startPool({ size: 2, onReplaced: (reason) => reasons.push(reason) });
    const clients = ['a', 'b', 'c', 'd', 'e'];
    const pids = new Set<unknown>();
    for (const client of clients) pids.add(pidOf(await run('none', { client })));
    expect(pids.size).toBe(clients.length);
    await eventually(() => Promise.resolve(pool.children().length === 3), 'three processes');
    expect(new Set(reasons)).toEqual(new Set(['other_client']));
  });

  it('serves many clients that all wait at the same time', async () => {
    await startPool({ size: 2 });
    const clients = Array.from({ length: 12 }, (_none, n) => `client ${n % 6}`);
    const outcomes = await Promise.all(clients.map((client) => run('slow', { client })));
    const clientsOf = new Map<unknown, Set<string>>();
    for (const [n, outcome] of outcomes.entries()) {
      expect(outcome).toMatchObject({ kind: 'done' });
      const pid = pidOf(outcome);
      clientsOf.set(pid, (clientsOf.get(pid) ?? new Set()).add(clients[n] ?? ''));
    }
    for (const served of clientsOf.values()) expect(served.size).toBe(1);
  });

  it('loads only the operation of the task that waits for it, and all operations as a spare', async () => {
    const loaded: unknown[] = [];
    const start: Launcher['start'] = (slot, operation) => {
      loaded.push(operation);
      return launcher.start(slot, operation);
    };
    await startPool({ launcher: { start } });
    await Promise.all(['a', 'b', 'c'].map((client) => run('none', { client })));
    await eventually(() => Promise.resolve(loaded.length === 4), 'two processes are replaced');
    expect(loaded).toEqual([undefined, undefined, 'merge-pdf', undefined]);
  });

  it('gives its client preference for one slice', async () => {
    await startPool();
    expect(pool.preferredClient).toBe('');
    await run('none', { client: 'a' });
    expect(pool.preferredClient).toBe('a');
    await eventually(() => Promise.resolve(pool.preferredClient === ''), 'the slice is over');
    await run('none', { client: 'a' });
    expect(pool.preferredClient).toBe('a');
  });
});
