import { describe, expect, it } from '@jest/globals';
import { canonicalJson, idempotencyOf, readIdempotencyKey } from './idempotency.js';

const JOB = { client: 'someone', operation: 'merge-pdf', params: { a: 1, b: { c: [1, 2], d: null } } };
const CALL = { key: 'k', job: JOB, digests: ['x', 'y'] };

describe('readIdempotencyKey', () => {
  it.each(['a', '"quoted"', 'with space', '~'.repeat(255)])('takes %j as it is', (key) => {
    expect(readIdempotencyKey(key)).toBe(key);
  });

  it.each(['', '~'.repeat(256), 'tab\there', 'caf\xe9', '\x7f'])('refuses %j', (key) => {
    expect(() => readIdempotencyKey(key)).toThrow(expect.objectContaining({ code: 'bad_request' }));
  });

  it('is nothing without the header', () => {
    expect(readIdempotencyKey(undefined)).toBeUndefined();
  });
});

describe('idempotencyOf', () => {
  it('is the same for the same request with its parameters in any order', () => {
    const job = { ...JOB, params: { b: { d: null, c: [1, 2] }, a: 1 } };
    expect(idempotencyOf({ ...CALL, job })).toEqual(idempotencyOf(CALL));
  });

  it.each([
    ['parameters', { job: { ...JOB, params: { a: 1, b: { c: [2, 1], d: null } } } }],
    ['files', { digests: ['x', 'z'] }],
    ['order of files', { digests: ['y', 'x'] }],
  ])('distinguishes other %s by the fingerprint', (_what, change) => {
    const other = idempotencyOf({ ...CALL, ...change });
    expect(other.key).toBe(idempotencyOf(CALL).key);
    expect(other.fingerprint).not.toBe(idempotencyOf(CALL).fingerprint);
  });

  it.each([
    ['client', { job: { ...JOB, client: 'another' } }],
    ['operation', { job: { ...JOB, operation: 'compress-pdf' } }],
    ['key', { key: 'K' }],
  ])('keeps the keys of another %s apart', (_what, change) => {
    expect(idempotencyOf({ ...CALL, ...change }).key).not.toBe(idempotencyOf(CALL).key);
  });
});

describe('secrets in a fingerprint', () => {
  const hashKey = Buffer.alloc(32, 1);
  const withSecret = (value: string, key = hashKey) =>
    idempotencyOf({ ...CALL, secret: { secrets: [{ path: ['password'], value }], hashKey: key } });

  it('distinguish requests, and reveal nothing without the hash key', () => {
    expect(withSecret('a')).toEqual(withSecret('a'));
    expect(withSecret('a').fingerprint).not.toBe(withSecret('b').fingerprint);
    expect(withSecret('a').fingerprint).not.toBe(idempotencyOf(CALL).fingerprint);
    expect(withSecret('a').fingerprint).not.toBe(withSecret('a', Buffer.alloc(32, 2)).fingerprint);
  });
});

describe('canonicalJson', () => {
  it('sorts names at every depth and keeps the order of lists', () => {
    expect(canonicalJson({ b: [{ z: 1, y: 2 }, 3], a: 'x' })).toBe('{"a":"x","b":[{"y":2,"z":1},3]}');
  });
});
