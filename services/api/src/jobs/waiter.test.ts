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
  const tell = (event: JobEvent | undefined): void => {
    for (const listener of listeners) listener(event);
  };
  return { waiter: new JobWaiter(store, { onJob }, log), state, tell, listeners };
}

describe('JobWaiter', () => {
  it('ends with the record when the job has ended', async () => {
    const { waiter, state, tell, listeners } = setUp();
    const watch = waiter.watch('a');
    const ended = watch.ended(5_000);
    tell({ id: 'a', status: 'active' });
    state.job = { status: 'succeeded' };
    tell({ id: 'a', status: 'succeeded' });
    expect(await ended).toBe(state.job);
    watch.close();
    expect(listeners.size).toBe(0);
  });

  it('looks for itself when events were missed, also before it waited', async () => {
    const { waiter, state, tell } = setUp();
    const watch = waiter.watch('a');
    tell(undefined);
    state.job = { status: 'failed' };
    expect(await watch.ended(5_000)).toBe(state.job);
    watch.close();
  });

  it('gives up when the time is over, or when told to', async () => {
    const { waiter } = setUp();
    const [short, long] = [waiter.watch('a'), waiter.watch('a')];
    expect(await short.ended(1)).toBe('unfinished');
    const ended = long.ended(5_000);
    waiter.giveUp();
    expect(await ended).toBe('unfinished');
    short.close();
    long.close();
  });

  it('tells that a job was deleted', async () => {
    const { waiter, tell } = setUp();
    const watch = waiter.watch('a');
    const ended = watch.ended(5_000);
    tell({ id: 'a', status: 'deleted' });
    expect(await ended).toBe('gone');
    watch.close();
  });
});
