import { describe, expect, it } from '@jest/globals';
import { timeoutReason } from './timeouts.js';

const SECOND = 1_000;
const at = (seconds: number, received: number, silent = 0) =>
  timeoutReason({ startedAt: 0, lastByteAt: (seconds - silent) * SECOND, received }, seconds * SECOND);

describe('timeoutReason', () => {
  it('lets a slow upload continue at the minimum rate', () => {
    expect(at(10, 1)).toBeUndefined();
    expect(at(600, 50_000_000)).toBeUndefined();
  });

  it('ends a body that sends nothing for 30 s', () => {
    expect(at(40, 1_000_000, 31)).toMatch(/No byte/);
  });

  it('ends a body below the minimum rate', () => {
    expect(at(61, 61)).toMatch(/too slowly/);
  });

  it('ends a body after 900 s', () => {
    expect(at(901, 50_000_000)).toMatch(/900 seconds/);
  });
});
