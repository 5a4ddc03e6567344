import { expect, it } from '@jest/globals';
import { bodyTooLarge } from './body.js';

it('refuses a body that is larger than its files may be and 1 MiB, with both limits', () => {
  const maxBytes = 52_428_800;
  const limit = maxBytes + 1_048_576;
  expect(bodyTooLarge(limit, maxBytes)).toBeUndefined();
  expect(bodyTooLarge(limit + 1, maxBytes)).toMatchObject({
    code: 'upload_too_large',
    detail: expect.stringMatching(/limited to 53477376 bytes, and its files together to 52428800 bytes/),
    errors: [{ limit }],
  });
});
