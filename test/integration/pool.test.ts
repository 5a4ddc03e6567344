import { afterEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '@pdf-tools/runtime/logger';
import { Pool } from '@pdf-tools/worker/pool';
import type { Outcome, PoolOptions } from '@pdf-tools/worker/pool';
import type { Launcher } from '@pdf-tools/worker/sandbox/launcher';
import { launcherOf } from '@pdf-tools/harness/launch';

let pool: Pool;
let launcher: Launcher;

async function startPool(options: Partial<PoolOptions> = {}): Promise<void> {
  const limits = { heapMb: 64, memoryMb: 400 };
  launcher = await launcherOf('faulty-child', limits);
  pool = new Pool(
    {
      size: 1,
      launcher,
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
afterEach(() => {
  pool.close();
  launcher.close();
});

function run(fault: string, stop = new AbortController().signal): Promise<Outcome> {
  const task = {
    job: 'j',
    operation: 'merge-pdf',
    params: { fault },
    inputs: [],
    workDir: '',
    outputPath: '',
  } as const;
  return pool.run(task, () => undefined, stop);
}

function pidOf(outcome: Outcome): unknown {
  return outcome.kind === 'done' ? outcome.result.report.pid : undefined;
}

describe('the pool', () => {
  it('does one task after the other in the same warm process', async () => {
    await startPool();
    const [first, second] = [await run('none'), await run('none')];
    expect(first.kind).toBe('done');
    expect(pidOf(second)).toBe(pidOf(first));
  });

  it.each(['crash', 'segfault'])('calls a %s a crash, and the next task is done', async (fault) => {
    await startPool();
    expect(await run(fault)).toMatchObject({ kind: 'crashed', error: { code: 'worker_crashed' } });
    expect(await run('none')).toMatchObject({ kind: 'done' });
  });

  it.each(['heap', 'resident'])('ends a process that outgrows its %s memory', async (fault) => {
    await startPool();
    expect(await run(fault)).toMatchObject({ kind: 'crashed', error: { code: 'out_of_memory' } });
    expect(await run('none')).toMatchObject({ kind: 'done' });
  });

  it('asks at the soft limit, and takes any failure after it for that of the time', async () => {
    await startPool({ softMs: 100 });
    expect(await run('wait')).toMatchObject({ kind: 'failed', error: { code: 'time_limit' } });
  });

  it('kills at the hard limit what does not listen', async () => {
    await startPool({ softMs: 100, hardMs: 300 });
    expect(await run('hang')).toMatchObject({ kind: 'failed', error: { code: 'time_limit' } });
    expect(await run('none')).toMatchObject({ kind: 'done' });
  });

  it('kills at the word of its caller', async () => {
    await startPool();
    const stop = new AbortController();
    const outcome = run('hang', stop.signal);
    await sleep(100);
    stop.abort();
    expect(await outcome).toEqual({ kind: 'stopped' });
    expect(await run('none')).toMatchObject({ kind: 'done' });
  });

  it('replaces a process that has done its number of tasks', async () => {
    await startPool({ maxJobsPerChild: 1 });
    const [first, second] = [await run('none'), await run('none')];
    expect(pidOf(first)).toEqual(expect.any(Number));
    expect(pidOf(second)).not.toBe(pidOf(first));
  });

  it('leaves the other tasks alone when one process dies', async () => {
    await startPool({ size: 2 });
    const [slow, crash] = await Promise.all([run('slow'), run('crash')]);
    expect(slow.kind).toBe('done');
    expect(crash.kind).toBe('crashed');
  });
});
