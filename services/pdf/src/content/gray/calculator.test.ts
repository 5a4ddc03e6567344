import { describe, expect, it } from '@jest/globals';
import { compileCalculator } from './calculator.js';

function evaluate(code: string, ...inputs: number[]): number[] | undefined {
  return compileCalculator(Buffer.from(code))?.(inputs);
}

describe('compileCalculator()', () => {
  it.each<[string, number[], number[]]>([
    ['{ add 2 mul }', [1, 2], [6]],
    ['{ 3 1 roll }', [1, 2, 3], [3, 1, 2]],
    ['{ 3 -1 roll }', [1, 2, 3], [2, 3, 1]],
    ['{ exch dup 2 index }', [1, 2], [2, 1, 1, 2]],
    ['{ 2 copy }', [1, 2], [1, 2, 1, 2]],
    ['{ 0.5 gt { 1 } { 0 } ifelse }', [0.7], [1]],
    ['{ dup 0.5 lt { pop 9 } if }', [0.2], [9]],
    ['{ dup 0 ge exch 1 le and { 1 } { 0 } ifelse }', [0.2], [1]],
    ['{ 360 mul sin 2 exp }', [0.25], [1]],
    ['{ 7 3 idiv 7 3 mod -5 abs 6 3 bitshift }', [], [2, 1, 5, 48]],
    ['{ 1 0 atan 0.5 round 2.7 truncate -2.5 floor }', [], [90, 1, 2, -3]],
    ['{ not true false xor { 4 } { 5 } ifelse }', [6], [-7, 4]],
  ])('evaluates %s', (code, inputs, outputs) => {
    expect(evaluate(code, ...inputs)).toEqual(outputs);
  });

  it.each(['{ pop pop pop }', '{ add }', '{ 5 { 1 } if }', '{ 9 copy }', '{ unknown }', '{ 1 index }'])(
    'gives nothing if %s fails',
    (code) => {
      expect(evaluate(code, 1)?.filter((output) => output !== 1) ?? []).toEqual([]);
    },
  );

  it.each(['', '1 2 add', '{ 1 2 add', '{ (text) }', '{'.repeat(100) + '}'.repeat(100)])('refuses %j', (code) => {
    expect(compileCalculator(Buffer.from(code))).toBeUndefined();
  });
});
