import { afterEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { QPDF } from '@pdf-tools/operations/process/repair';
import type { PoolOptions } from '@pdf-tools/worker/pool';
import { eventually } from '@pdf-tools/harness/processes';
import { TestPool, filesOf, pidOf } from './test-pool.js';

let test: TestPool;

async function startPool(options: Partial<PoolOptions> = {}): Promise<void> {
  test = await TestPool.start(() => options);
}
afterEach(() => test.close());

/** What the scheduler does to a worker that it takes for dead. */
function removeSlots(): void {
  for (const name of readdirSync(test.launcher.slots)) rmSync(join(test.launcher.slots, name), { recursive: true });
}

function makeFifo(path: string): void {
  execFileSync('mkfifo', [path]);
}

/** Number of processes of this one that are qpdf, or are about to be. */
function repairs(): number {
  const pids = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean);
  return pids.filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(QPDF)).length;
}

describe('a slot', () => {
  it('gives the child its inputs, and takes the output to its place', async () => {
    await startPool();
    const files = filesOf(await test.run('none', { inputs: ['first', 'second'] }));
    expect(Object.values(files).sort()).toEqual(['first', 'output', 'second']);
    for (const path of Object.keys(files)) expect(path.startsWith(test.launcher.slots)).toBe(true);
    expect(readFileSync(test.outputPath, 'latin1')).toBe('output');
    expect(statSync(test.outputPath).mode & 0o7777).toBe(0o640);
  });

  it('is empty for the next task', async () => {
    await startPool();
    const first = await test.run('none', { inputs: ['first', 'second'] });
    const second = await test.run('none', { inputs: ['third'] });
    expect(pidOf(second)).toBe(pidOf(first));
    expect(Object.values(filesOf(second)).sort()).toEqual(['output', 'third']);
  });

  it.each(['a symbolic link', 'a hard link', 'a folder', 'a file of another size', 'no output'])(
    'refuses %s for an output',
    async (fault) => {
      await startPool();
      expect(await test.run(fault)).toMatchObject({ kind: 'failed', error: { code: 'internal_error' } });
      expect(existsSync(test.outputPath)).toBe(false);
      expect(await test.run('none')).toMatchObject({ kind: 'done' });
    },
  );

  it('is not used again if a task leaves many files in it', async () => {
    const reasons: string[] = [];
    await startPool({ onReplaced: (reason) => reasons.push(reason) });
    const [first, second] = [await test.run('many files'), await test.run('none')];
    expect(pidOf(second)).not.toBe(pidOf(first));
    await eventually(() => Promise.resolve(reasons.includes('slot_not_empty')), 'the process is replaced');
  });

  it('is removed when its process ends, and all are when the pool closes', async () => {
    await startPool();
    const [before] = Object.keys(filesOf(await test.run('none')));
    await test.run('crash');
    await test.run('none');
    await eventually(() => Promise.resolve(!existsSync(String(before))), 'the slot is removed');
    await test.pool.close();
    expect(readdirSync(test.launcher.slots)).toEqual([]);
  });

  it('is replaced if it was removed while its process was idle', async () => {
    const reasons: string[] = [];
    await startPool({ onReplaced: (reason) => reasons.push(reason) });
    await test.run('none');
    removeSlots();
    expect(await test.run('none', { inputs: ['first'] })).toMatchObject({ kind: 'done' });
    await eventually(() => Promise.resolve(reasons.includes('slot_lost')), 'the process is replaced');
  });

  it('that is removed during a task does not make the task fail permanently', async () => {
    await startPool();
    const outcome = test.run('no output after a while');
    await eventually(() => Promise.resolve(test.pool.children().some(({ job }) => job !== null)), 'the task runs');
    removeSlots();
    expect(await outcome).toMatchObject({ kind: 'crashed', error: { code: 'worker_crashed' } });
    expect(await test.run('none')).toMatchObject({ kind: 'done' });
  });

  it('is not left behind by a process that does not start', async () => {
    let failures = 2;
    test = await TestPool.start((launcher) => ({
      launcher: {
        start: (slot) => {
          if (failures-- > 0) throw new Error('no process');
          return launcher.start(slot);
        },
      },
    }));
    await eventually(() => Promise.resolve(test.pool.children().length === 2), 'two processes');
    await eventually(() => Promise.resolve(readdirSync(test.launcher.slots).length === 2), 'two slots', 5_000);
  });

  it('is not made after the pool is closed', async () => {
    await startPool();
    await test.run('crash');
    await test.pool.close();
    await sleep(100);
    await eventually(() => Promise.resolve(readdirSync(test.launcher.slots).length === 0), 'no slots', 5_000);
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
      const outcome = await test.pool.run({ ...job, inputs: [input], outputPath }, () => undefined, signal);
      expect(outcome).toMatchObject({ kind: 'done' });
      expect(Object.values(filesOf(outcome)).sort()).toEqual(['far away', 'output']);
      expect(readFileSync(outputPath, 'latin1')).toBe('output');
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });
});

(existsSync(QPDF) ? describe : describe.skip)('the repair of inputs', () => {
  /** Inputs that qpdf waits for. */
  const named = (count: number) => ({ inputs: Array.from({ length: count }, () => ''), makeInput: makeFifo });

  it('runs one at a time, however many the child asks for', async () => {
    await startPool();
    const stop = new AbortController();
    const outcome = test.run('a repair of each input', { ...named(10), stop: stop.signal });
    await eventually(() => Promise.resolve(repairs() > 0), 'a repair runs');
    await sleep(300);
    expect(repairs()).toBe(1);
    stop.abort();
    expect(await outcome).toEqual({ kind: 'stopped' });
    await eventually(() => Promise.resolve(repairs() === 0), 'the repair is stopped');
  });

  it('ends with the task', async () => {
    await startPool();
    expect(await test.run('an end before its repair', named(1))).toMatchObject({ kind: 'done' });
    await eventually(() => Promise.resolve(repairs() === 0), 'the repair is stopped', 10_000);
  });
});
