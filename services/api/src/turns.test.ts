import { describe, expect, it } from '@jest/globals';
import { setImmediate as round } from 'node:timers/promises';
import { Turns } from './turns.js';

const PIECE = 65_536;

/** Bodies that always have another piece ready: the order in which they get on. */
function endless(turns: Turns, bodies: number, order: number[]): void {
  const next = (body: number): void => {
    order.push(body);
    if (order.length < 1_000)
      turns.take(PIECE, () => {
        next(body);
      });
  };
  for (let body = 0; body < bodies; body++)
    turns.take(PIECE, () => {
      next(body);
    });
}

describe('Turns', () => {
  it('lets a lone piece go at once', () => {
    let gone = false;
    new Turns(262_144).take(PIECE, () => (gone = true));
    expect(gone).toBe(true);
  });

  it('lets the event loop go round however much is ready', async () => {
    const order: number[] = [];
    endless(new Turns(262_144), 64, order);
    const most = order.length;
    expect(most * PIECE).toBeLessThanOrEqual(262_144);
    await round();
    expect(order.length).toBeLessThanOrEqual(3 * most);
  });

  it('serves all bodies in turn', async () => {
    const order: number[] = [];
    endless(new Turns(262_144), 5, order);
    while (order.length < 1_000) await round();
    const lastHundred = order.slice(900);
    for (let body = 0; body < 5; body++) expect(lastHundred.filter((each) => each === body).length).toBe(20);
  });

  it('takes a piece larger than a round', async () => {
    const turns = new Turns(262_144);
    const gone: string[] = [];
    turns.take(10_000_000, () => gone.push('large'));
    turns.take(1, () => gone.push('small'));
    expect(gone).toEqual(['large']);
    await round();
    expect(gone).toEqual(['large', 'small']);
  });
});
