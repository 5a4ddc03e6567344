import { afterEach, describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChildProcess } from '@pdf-tools/operations/process/child-process';
import type { PoolOptions } from '@pdf-tools/worker/pool';
import { Slot } from '@pdf-tools/worker/slot';
import { launcherOf } from '@pdf-tools/harness/launch';
import { eventually } from '@pdf-tools/harness/processes';
import { TestPool, filesOf, pidOf } from './test-pool.js';

let test: TestPool;

async function startPool(options: Partial<PoolOptions> = {}): Promise<void> {
  test = await TestPool.start(() => options);
}
afterEach(() => test.close());

describe('the pool', () => {
  it('runs one task after the other in the same warm process', async () => {
    await startPool();
    const [first, second] = [await test.run('none'), await test.run('none')];
    expect(first.kind).toBe('done');
    expect(pidOf(second)).toBe(pidOf(first));
  });

  it.each(['crash', 'segfault'])('reports a %s as a crash, and runs the next task', async (fault) => {
    await startPool();
    expect(await test.run(fault)).toMatchObject({ kind: 'crashed', error: { code: 'worker_crashed' } });
    expect(await test.run('none')).toMatchObject({ kind: 'done' });
  });

  it.each(['heap', 'resident'])('ends a process that outgrows its %s memory', async (fault) => {
    await startPool();
    expect(await test.run(fault)).toMatchObject({ kind: 'crashed', error: { code: 'out_of_memory' } });
    expect(await test.run('none')).toMatchObject({ kind: 'done' });
  });

  it('aborts at the soft limit, and takes any failure after it for a time limit', async () => {
    await startPool({ softMs: 100 });
    expect(await test.run('wait')).toMatchObject({ kind: 'failed', error: { code: 'time_limit' } });
  });

  it('kills at the hard limit what does not listen', async () => {
    await startPool({ softMs: 100, hardMs: 300 });
    expect(await test.run('hang')).toMatchObject({ kind: 'failed', error: { code: 'time_limit' } });
    expect(await test.run('none')).toMatchObject({ kind: 'done' });
  });

  it('kills when its caller aborts', async () => {
    await startPool();
    const stop = new AbortController();
    const outcome = test.run('hang', { stop: stop.signal });
    await sleep(100);
    stop.abort();
    expect(await outcome).toEqual({ kind: 'stopped' });
    expect(await test.run('none')).toMatchObject({ kind: 'done' });
  });

  it('does not keep a stopped task waiting for a process', async () => {
    await startPool();
    const [busy, waiting] = [new AbortController(), new AbortController()];
    const running = ['a', 'b'].map((client) => test.run('wait', { client, stop: busy.signal }));
    const outcome = test.run('none', { client: 'c', stop: waiting.signal });
    waiting.abort();
    expect(await outcome).toEqual({ kind: 'stopped' });
    expect(test.pool.children().filter(({ job }) => job !== null)).toHaveLength(2);
    busy.abort();
    await Promise.all(running);
  });

  it('replaces a process that has run its maximum number of tasks', async () => {
    await startPool({ maxJobsPerChild: 1 });
    const [first, second] = [await test.run('none'), await test.run('none')];
    expect(pidOf(first)).toEqual(expect.any(Number));
    expect(pidOf(second)).not.toBe(pidOf(first));
  });

  it('keeps the other tasks running when one process dies', async () => {
    await startPool({ size: 2 });
    const [slow, crash] = await Promise.all([test.run('slow'), test.run('crash', { client: 'b' })]);
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
    expect(await test.run(fault)).toMatchObject({ kind: 'crashed', error: { code: 'worker_crashed' } });
    expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 2 ** 20);
    expect(await test.run('none')).toMatchObject({ kind: 'done' });
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

describe('a process', () => {
  it('serves one client only', async () => {
    await startPool({ size: 2 });
    const first = await test.run('none', { client: 'a' });
    const second = await test.run('none', { client: 'b' });
    const third = await test.run('none', { client: 'c' });
    expect(new Set([first, second, third].map(pidOf)).size).toBe(3);
    const seen = Object.keys(filesOf(third));
    for (const outcome of [first, second])
      for (const path of Object.keys(filesOf(outcome))) expect(seen).not.toContain(path);
  });

  it('is kept for a client that comes back while there is one more', async () => {
    await startPool({ size: 2 });
    const first = await test.run('none', { client: 'a' });
    await test.run('none', { client: 'b' });
    expect(pidOf(await test.run('none', { client: 'a' }))).toBe(pidOf(first));
  });

  it('that was idle longest makes room, so that a fresh one is ready', async () => {
    const reasons: string[] = [];
    await startPool({ size: 2, onReplaced: (reason) => reasons.push(reason) });
    const clients = ['a', 'b', 'c', 'd', 'e'];
    const pids = new Set<unknown>();
    for (const client of clients) pids.add(pidOf(await test.run('none', { client })));
    expect(pids.size).toBe(clients.length);
    await eventually(() => Promise.resolve(test.pool.children().length === 3), 'three processes');
    expect(new Set(reasons)).toEqual(new Set(['other_client']));
  });

  it('serves many clients that all wait at the same time', async () => {
    await startPool({ size: 2 });
    const clients = Array.from({ length: 12 }, (_none, n) => `client ${n % 6}`);
    const outcomes = await Promise.all(clients.map((client) => test.run('slow', { client })));
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
    test = await TestPool.start((launcher) => ({
      launcher: {
        start: (slot, operation) => {
          loaded.push(operation);
          return launcher.start(slot, operation);
        },
      },
    }));
    await Promise.all(['a', 'b', 'c'].map((client) => test.run('none', { client })));
    await eventually(() => Promise.resolve(loaded.length === 4), 'two processes are replaced');
    expect(loaded).toEqual([undefined, undefined, 'merge-pdf', undefined]);
  });

  it('gives its client preference for one slice', async () => {
    await startPool();
    expect(test.pool.preferredClient).toBe('');
    await test.run('none', { client: 'a' });
    expect(test.pool.preferredClient).toBe('a');
    await eventually(() => Promise.resolve(test.pool.preferredClient === ''), 'the slice is over');
    await test.run('none', { client: 'a' });
    expect(test.pool.preferredClient).toBe('a');
  });
});
