import { describe, expect, it } from '@jest/globals';
import { readRotations } from './rotations.js';

describe('the rotations of files', () => {
  it('are the same for all files, or have an entry for each', () => {
    expect(readRotations('90', 3)).toEqual([90, 90, 90]);
    expect(readRotations('90,0,270', 3)).toEqual([90, 0, 270]);
  });

  it('are refused if entries do not match the files', () => {
    expect(() => readRotations('90,0', 3)).toThrow(
      expect.objectContaining({
        code: 'invalid_params',
        detail: '"rotate" has 2 entries for 3 files. Give one entry for all files, or one for each.',
        errors: [expect.objectContaining({ param: 'rotate' })],
      }),
    );
  });
});
