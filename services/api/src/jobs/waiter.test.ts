import { describe, expect, it } from '@jest/globals';
import type { JobEvent } from '@pdf-tools/jobs/events';
import type { JobRecord } from '@pdf-tools/jobs/record';
import type { Logger } from '@pdf-tools/runtime/logger';
import { JobWaiter } from './waiter.js';

const ignore = (): void => undefined;
const log: Logger = { error: ignore, warn: ignore, info: ignore, debug: ignore, child: () => log };

/** A waiter over one job whose record and events the test decides. */
function setUp() {
  const listeners = new Set<(event: JobEvent | undefined) => void>();
  const state: { job: Partial<JobRecord> | undefined } = { job: undefined };
  const store = { get: () => Promise.resolve(state.job as JobRecord | undefined) };
  const onJob = (_id: string, listener: (event: JobEvent | undefined) => void) => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  };
  const publish = (event: JobEvent | undefined): void => {
    for (const listener of listeners) listener(event);
  };
  return { waiter: new JobWaiter(store, { onJob }, log), state, publish, listeners };
}

describe('JobWaiter', () => {
  it('resolves with the record when the job ends', async () => {
    const { waiter, state, publish, listeners } = setUp();
    const watch = waiter.watch('a');
    const ended = watch.ended(5_000);
    publish({ id: 'a', status: 'active' });
    state.job = { status: 'succeeded' };
    publish({ id: 'a', status: 'succeeded' });
    expect(await ended).toBe(state.job);
    watch.close();
    expect(listeners.size).toBe(0);
  });

  it('reads the job when events were missed, also before the wait started', async () => {
    const { waiter, state, publish } = setUp();
    const watch = waiter.watch('a');
    publish(undefined);
    state.job = { status: 'failed' };
    expect(await watch.ended(5_000)).toBe(state.job);
    watch.close();
  });

  it('resolves with the record of an event without a read, also if it came before the wait', async () => {
    const { waiter, publish } = setUp();
    const record = { status: 'succeeded' } as JobRecord;
    const [early, late] = [waiter.watch('a'), waiter.watch('a')];
    const ended = early.ended(5_000);
    publish({ id: 'a', status: 'succeeded', record });
    expect([await ended, await late.ended(5_000)]).toEqual([record, record]);
    early.close();
    late.close();
  });

  it('ends as unfinished after its time, or when all waits are stopped', async () => {
    const { waiter } = setUp();
    const [short, long] = [waiter.watch('a'), waiter.watch('a')];
    expect(await short.ended(1)).toBe('unfinished');
    const ended = long.ended(5_000);
    waiter.stopWaiting();
    expect(await ended).toBe('unfinished');
    short.close();
    long.close();
  });

  it('reports a deleted job', async () => {
    const { waiter, publish } = setUp();
    const watch = waiter.watch('a');
    const ended = watch.ended(5_000);
    publish({ id: 'a', status: 'deleted' });
    expect(await ended).toBe('gone');
    watch.close();
  });
});
