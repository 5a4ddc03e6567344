import { describe, expect, it } from '@jest/globals';
import { workersWanted } from './workers-wanted.js';

describe('workersWanted', () => {
  it.each([
    ['no jobs need no worker', 0, [4], 0],
    ['one job needs one worker', 1, [4], 1],
    ['as many jobs as a worker runs need one worker', 4, [4], 1],
    ['one job more needs a second worker', 5, [4], 2],
    ['the number does not depend on how many equal workers are live', 12, [4, 4, 4, 4, 4], 3],
    ['the mean counts if workers differ', 12, [2, 6], 3],
    ['a worker runs 2 jobs if none reports its concurrency', 5, [], 3],
  ])('%s', (_what, unfinished, concurrencies, expected) => {
    expect(workersWanted(unfinished, concurrencies)).toBe(expected);
  });
});
