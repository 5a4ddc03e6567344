import { describe, expect, it } from '@jest/globals';
import { lastEventId } from './last-event-id.js';

describe('lastEventId', () => {
  it.each<[string | string[] | undefined, number | undefined]>([
    ['7', 7],
    ['0', 0],
    [undefined, undefined],
    ['', undefined],
    ['-1', undefined],
    ['1e3', undefined],
    ['9'.repeat(16), undefined],
    [['7', '8'], undefined],
  ])('of %j is %p', (header, id) => {
    expect(lastEventId(header)).toBe(id);
  });
});
