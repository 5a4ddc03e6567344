import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '@pdf-tools/harness/documents/random';
import { ArithmeticEncoder } from './arithmetic-encoder.js';
import { EncodedBytes } from './encoded-bytes.js';

/** Returns what `work` encodes, with an encoder of four contexts. */
function encoded(work: (encoder: ArithmeticEncoder) => void): string {
  const output = new EncodedBytes();
  const encoder = new ArithmeticEncoder(output, 4);
  work(encoder);
  encoder.finish();
  return Buffer.from(output.toBytes()).toString('hex');
}

describe('ArithmeticEncoder', () => {
  it('encodes the test sequence of T.88, annex H.2', () => {
    const sequence = Buffer.from(
      '00020051000000c0 0352872aaaaaaaaa82c02000fcd79ef6bf7fed904f46a3bf'.replace(' ', ''),
      'hex',
    );
    const bytes = encoded((encoder) => {
      for (const byte of sequence) for (let bit = 7; bit >= 0; bit -= 1) encoder.encode(0, (byte >> bit) & 1);
    });
    expect(bytes).toBe('84c73bfce1a1430402200000410dbb86f4317fff88ff37471adb6adfffac');
  });

  it.each([1, 2, 3])('encodes a run as its bits one by one, seed %d', (seed) => {
    const random = new SeededRandom(seed);
    const runs = Array.from({ length: 500 }, () => {
      const count = random.below(random.below(10) === 0 ? 100_000 : 20);
      return { context: random.below(4), bit: random.below(5) === 0 ? 1 : 0, count };
    });
    const oneByOne = encoded((encoder) => {
      for (const { context, bit, count } of runs)
        for (let left = count; left > 0; left -= 1) encoder.encode(context, bit);
    });
    const atOnce = encoded((encoder) => {
      for (const { context, bit, count } of runs) encoder.encodeRun(context, bit, count);
    });
    expect(atOnce).toBe(oneByOne);
  });
});
