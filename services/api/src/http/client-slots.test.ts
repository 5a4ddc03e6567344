import { describe, expect, it } from '@jest/globals';
import { ClientSlots } from './client-slots.js';

function taken(slots: ClientSlots, client: string): () => void {
  const slot = slots.take(client);
  if (typeof slot === 'string') throw new Error(`refused: ${slot}`);
  return slot;
}

describe('ClientSlots', () => {
  it('refuses one client at its limit while another still gets a slot', () => {
    const slots = new ClientSlots(2, 10);
    taken(slots, 'a');
    taken(slots, 'a');
    expect(slots.take('a')).toBe('client');
    taken(slots, 'b');
  });

  it('refuses every client at the total limit', () => {
    const slots = new ClientSlots(2, 3);
    for (const client of ['a', 'b', 'c']) taken(slots, client);
    expect(slots.take('d')).toBe('total');
    expect(slots.take('a')).toBe('total');
  });

  it('gives a returned slot to the next', () => {
    const slots = new ClientSlots(1, 1);
    const release = taken(slots, 'a');
    release();
    taken(slots, 'b')();
    taken(slots, 'a');
  });
});
