import { describe, expect, it } from '@jest/globals';
import { MAX_NAMES } from '@pdf-tools/pdf';
import { UniqueNames } from './unique-name.js';

describe('UniqueNames', () => {
  it('adds the first free number before a file’s extension if a name is taken', () => {
    const names = new UniqueNames<number>();
    expect(['a', 'a_2', 'a', 'a', 'b.txt', 'b.txt'].map((name, at) => names.add(name, at))).toEqual([
      'a',
      'a_2',
      'a_3',
      'a_4',
      'b.txt',
      'b_2.txt',
    ]);
    expect(names.get('a_3')).toBe(2);
  });

  it('does not try taken numbers again', () => {
    class Counting extends Map<string, number> {
      asked = 0;
      override has(name: string): boolean {
        this.asked += 1;
        return super.has(name);
      }
    }
    const map = new Counting();
    const names = new UniqueNames<number>(map);
    for (let nth = 0; nth < 1_000; nth++) names.add('field', nth);
    expect(map.size).toBe(1_000);
    expect(map.asked).toBeLessThan(3 * 1_000);
  });

  it('is limited', () => {
    const names = new UniqueNames<number>(new Map(Array.from({ length: MAX_NAMES }, (_none, at) => [String(at), at])));
    expect(() => names.add('one more', 0)).toThrow(expect.objectContaining({ code: 'too_many_pages' }));
  });
});
