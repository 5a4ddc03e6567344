import { describe, expect, it } from '@jest/globals';
import { Lifecycle } from './lifecycle.js';

describe('a listener of the shutdown', () => {
  it('is called when the shutdown starts, unless it was removed', () => {
    const lifecycle = new Lifecycle();
    const calls: string[] = [];
    lifecycle.onStop(() => calls.push('kept'));
    lifecycle.onStop(() => calls.push('removed'))();
    expect(calls).toEqual([]);
    lifecycle.stop();
    expect([calls, lifecycle.stopping]).toEqual([['kept'], true]);
  });

  it('is called at once when the shutdown has started, so that a new event stream ends', () => {
    const lifecycle = new Lifecycle();
    lifecycle.stop();
    const calls: string[] = [];
    lifecycle.onStop(() => calls.push('late'));
    expect(calls).toEqual(['late']);
  });
});
