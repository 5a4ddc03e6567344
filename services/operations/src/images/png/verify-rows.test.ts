import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { PNG_COLOR, parsePng } from './parse-png.js';
import { inflateExactly } from './verify-rows.js';
import { wrapAsPng } from './wrap-png.js';

describe('inflateExactly', () => {
  const gray = (height: number): ReturnType<typeof parsePng> =>
    parsePng(wrapAsPng({ width: 3, height, colorType: PNG_COLOR.gray }, deflateSync(Buffer.alloc(8))));

  it('returns whether the stream has exactly the rows', async () => {
    expect(await inflateExactly(gray(2))).toBe(true);
    expect(await inflateExactly(gray(1))).toBe(false);
    expect(await inflateExactly(gray(3))).toBe(false);
  });

  it('throws the error of the function that takes the rows', async () => {
    const failure = new Error('The rows cannot be taken.');
    await expect(inflateExactly(gray(2), () => Promise.reject(failure))).rejects.toBe(failure);
  });
});
