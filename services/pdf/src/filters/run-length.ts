import type { DecodingBudget } from './budget.js';
import { Output } from './output.js';

const END_OF_DATA = 128;

/**
 * RunLengthDecode (7.4.5). Decodes truncated data as far as possible. Throws the budget's error for too much output.
 */
export function decodeRunLength(data: Buffer, budget: DecodingBudget): Buffer {
  const output = new Output(2 * data.length, budget);
  for (let at = 0; at < data.length;) {
    const length = data[at] ?? END_OF_DATA;
    at += 1;
    if (length === END_OF_DATA) break;
    if (length < END_OF_DATA) {
      output.append(data, at, at + length + 1);
      at += length + 1;
    } else if (at < data.length) {
      output.push(data[at] ?? 0);
      output.repeat(1, 256 - length);
      at += 1;
    }
  }
  return output.finish();
}
