import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { SharedRun } from './shared-run.js';

interface Run {
  readonly end: () => void;
  readonly fail: (error: Error) => void;
}

/** Returns a task and its runs. Each of them ends when the test ends it. */
function controlled(): { task: () => Promise<void>; runs: Run[] } {
  const runs: Run[] = [];
  const task = (): Promise<void> =>
    new Promise((end, fail) => {
      runs.push({ end, fail });
    });
  return { task, runs };
}

describe('SharedRun', () => {
  it('runs the task once more for all callers that come while it runs', async () => {
    const { task, runs } = controlled();
    const shared = new SharedRun(task);
    const first = shared.run();
    const later = [shared.run(), shared.run(), shared.run()];
    expect(runs).toHaveLength(1);
    runs[0]?.end();
    await first;
    await turn();
    expect(runs).toHaveLength(2);
    runs[1]?.end();
    await Promise.all(later);
    const last = shared.run();
    expect(runs).toHaveLength(3);
    runs[2]?.end();
    await last;
  });

  it('does not pass the error of a run on to callers of the next one', async () => {
    const { task, runs } = controlled();
    const shared = new SharedRun(task);
    const first = shared.run();
    const later = shared.run();
    runs[0]?.fail(new Error('failed'));
    await expect(first).rejects.toThrow('failed');
    await turn();
    runs[1]?.end();
    await later;
  });
});
