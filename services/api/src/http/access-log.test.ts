import { describe, expect, it } from '@jest/globals';
import { loggedPath } from './access-log.js';

describe('loggedPath', () => {
  it('shortens job ids and drops the query', () => {
    const id = 'abcdef0123456789abcdef0123456789abcdef01';
    expect(loggedPath(`/api/jobs/${id}/result?token=${id}`)).toBe('/api/jobs/abcdef012345/result');
  });

  it('bounds the length', () => {
    expect(loggedPath(`/${'x'.repeat(5_000)}`)).toHaveLength(200);
  });
});
