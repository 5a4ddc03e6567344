import { describe, expect, it } from '@jest/globals';
import { loggedPath } from './access-log.js';

describe('loggedPath', () => {
  it('shortens job ids and drops the query', () => {
    const id = 'abcdef0123456789abcdef0123456789abcdef01';
    expect(loggedPath(`/api/jobs/${id}/result?token=${id}`)).toBe('/api/jobs/abcdef012345/result');
  });

  it.each([
    ['/API/jobs/ID/result', '/API/jobs/0123456789ab/result'],
    ['//api///jobs//ID', '//api///jobs//0123456789ab'],
    ['/%61pi/jobs/ID/', '/%61pi/jobs/0123456789ab/'],
    ['/ID', '/0123456789ab'],
    ['/api/jobs/ID/ID', '/api/jobs/0123456789ab/0123456789ab'],
    ['/api/jobs/%30%31%32%33%34%35', '/api/jobs/%30%31%32%33'],
    ['/api%2fjobs%2fID', '/api%2fjobs%2f'.slice(0, 13)],
    ['/api/image-to-pdf', '/api/image-to-pdf'],
    ['/openapi.json', '/openapi.json'],
  ])('logs %s as %s', (path, logged) => {
    const id = '0123456789abcdef0123456789abcdef01234567';
    expect(loggedPath(path.replaceAll('ID', id))).toBe(logged);
  });

  it('bounds the length', () => {
    expect(loggedPath('/x'.repeat(5_000))).toHaveLength(200);
  });
});
