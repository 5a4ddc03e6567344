import { describe, expect, it } from '@jest/globals';
import { setImmediate as round } from 'node:timers/promises';
import { EventLoopThrottle } from './event-loop-throttle.js';

const PIECE = 65_536;

/** Schedules work for bodies that always have another chunk ready, and records their order. */
function endless(throttle: EventLoopThrottle, bodies: number, order: number[]): void {
  const next = (body: number): void => {
    order.push(body);
    if (order.length < 1_000)
      throttle.run(PIECE, () => {
        next(body);
      });
  };
  for (let body = 0; body < bodies; body++)
    throttle.run(PIECE, () => {
      next(body);
    });
}

describe('EventLoopThrottle', () => {
  it('runs a single piece of work at once', () => {
    let gone = false;
    new EventLoopThrottle(262_144).run(PIECE, () => (gone = true));
    expect(gone).toBe(true);
  });

  it('limits the work of a round however much is ready', async () => {
    const order: number[] = [];
    endless(new EventLoopThrottle(262_144), 64, order);
    const most = order.length;
    expect(most * PIECE).toBeLessThanOrEqual(262_144);
    await round();
    expect(order.length).toBeLessThanOrEqual(3 * most);
  });

  it('serves all bodies equally', async () => {
    const order: number[] = [];
    endless(new EventLoopThrottle(262_144), 5, order);
    while (order.length < 1_000) await round();
    const lastHundred = order.slice(900);
    for (let body = 0; body < 5; body++) expect(lastHundred.filter((each) => each === body).length).toBe(20);
  });

  it('runs work that costs more than a round allows', async () => {
    const throttle = new EventLoopThrottle(262_144);
    const gone: string[] = [];
    throttle.run(10_000_000, () => gone.push('large'));
    throttle.run(1, () => gone.push('small'));
    expect(gone).toEqual(['large']);
    await round();
    expect(gone).toEqual(['large', 'small']);
  });
});
