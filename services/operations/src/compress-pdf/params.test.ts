import { describe, expect, it } from '@jest/globals';
import { issueMessage, parameterErrors } from '../params.js';
import { withLevel } from './levels.js';
import { compressParams } from './params.js';

function read(given: Readonly<Record<string, string>>) {
  return withLevel(compressParams.parse(given));
}

function errors(given: Readonly<Record<string, string>>) {
  return parameterErrors(compressParams.safeParse(given, { error: issueMessage }).error);
}

describe('the parameters of compress-pdf', () => {
  it.each([
    [{}, 144, 75],
    [{ level: 'screen' }, 96, 60],
    [{ level: 'print' }, 300, 85],
    [{ level: 'max' }, 144, 75],
    [{ level: 'screen', dpi: '200' }, 200, 60],
    [{ level: 'print', image_quality: '50' }, 300, 50],
  ])('of %j lead to their resolution and quality', (given, dpi, image_quality) => {
    expect(read(given)).toMatchObject({ dpi, image_quality });
  });

  it.each(['screen', 'lossless'])('keep their meaning when a child process parses level=%s again', (level) => {
    const once = compressParams.parse({ level });
    expect(compressParams.parse(once)).toEqual(once);
  });

  it.each([
    ['2000000', 2_000_000],
    ['2 MB', 2_000_000],
    ['1.5MiB', 1_572_864],
    ['300 kb', 300_000],
  ])('read the size %j', (target_size, bytes) => {
    expect(read({ target_size }).target_size).toBe(bytes);
  });

  it.each(['2 apples', '-1', '', '12', '1e6'])('refuse the size %j', (target_size) => {
    expect(errors({ target_size })).toMatchObject([
      { param: 'target_size', message: expect.stringContaining('such as 2000000, 2 MB or 1.5 MiB') },
    ]);
  });

  it('lower the default floors to a lower resolution or quality', () => {
    expect(read({ dpi: '40', image_quality: '10' })).toMatchObject({ min_dpi: 40, min_quality: 10 });
  });

  it.each([
    [{ min_dpi: '200' }, 'min_dpi', 'must not be above dpi, which is 144. Lower it, or raise dpi'],
    [
      { level: 'screen', min_quality: '70' },
      'min_quality',
      'must not be above image_quality, which is 60. Lower it, or raise image_quality',
    ],
  ])('refuse floors above the value: %j', (given, param, message) => {
    expect(errors(given)).toEqual([{ param, message }]);
  });

  it.each(['dpi', 'image_quality', 'target_size', 'color_mode'])('refuse %s with level=lossless', (param) => {
    const values = { dpi: '144', image_quality: '75', target_size: '2 MB', color_mode: 'grayscale' };
    const [value] = Object.entries(values).filter(([name]) => name === param);
    expect(errors({ level: 'lossless', ...Object.fromEntries(value ? [value] : []) })).toEqual([
      {
        param,
        message: 'cannot be given with level=lossless, which keeps every sample. Remove it, or choose another level',
      },
    ]);
  });
});
