import { describe, expect, it } from '@jest/globals';
import { paceFault } from './pace.js';

const SECOND = 1_000;
const at = (seconds: number, received: number, silent = 0) =>
  paceFault({ startedAt: 0, lastByteAt: (seconds - silent) * SECOND, received }, seconds * SECOND);

describe('paceFault', () => {
  it('lets a slow but honest upload go on', () => {
    expect(at(10, 1)).toBeUndefined();
    expect(at(600, 50_000_000)).toBeUndefined();
  });

  it('ends a silent body', () => {
    expect(at(40, 1_000_000, 31)).toMatch(/No byte/);
  });

  it('ends a drip', () => {
    expect(at(61, 61)).toMatch(/too slowly/);
  });

  it('ends what takes for ever', () => {
    expect(at(901, 50_000_000)).toMatch(/900 seconds/);
  });
});
