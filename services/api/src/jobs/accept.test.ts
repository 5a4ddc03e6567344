import { describe, expect, it } from '@jest/globals';
import { refuseEarly, refuseLargeRecord, secondsToDrain } from './accept.js';

const idle = { queued: 0, active: 0, bytes: 0, msPerJob: undefined };
const headroom = { memoryShare: 0.79, clients: new Map([['me', { jobs: 4, bytes: 499 }]]) };
const well = { redis: true, disk: true, storage: true, diskFull: false, workers: 1, backlog: idle, headroom };
const limits = { jobs: 10, bytes: 1_000, clientJobs: 5, clientBytes: 500 };
const me = { client: 'me', keyed: false };
const mine = (jobs: number, bytes: number) => ({ ...headroom, clients: new Map([['me', { jobs, bytes }]]) });

describe('refuseEarly', () => {
  it('accepts a request while no limit is reached', () => {
    refuseEarly(well, limits, me);
    refuseEarly({ ...well, backlog: { ...idle, queued: 7, active: 2, bytes: 999 } }, limits, me);
  });

  it('refuses only the client that has reached its own limit', () => {
    refuseEarly({ ...well, headroom: mine(5, 500) }, limits, { client: 'another', keyed: false });
  });

  it('leaves the limits of one client to the accept script if the request has an Idempotency-Key', () => {
    refuseEarly({ ...well, headroom: mine(5, 500) }, limits, { ...me, keyed: true });
    expect(() => {
      refuseEarly({ ...well, backlog: { ...idle, queued: 10 } }, limits, { ...me, keyed: true });
    }).toThrow(expect.objectContaining({ code: 'queue_full' }));
  });

  it.each([
    ['Redis is unavailable', { ...well, redis: false }, 'redis_unavailable', /job store .*Try again in 2 s/],
    ['the disk is not usable', { ...well, disk: false }, 'disk_full', /no room .*Try again in 60 s/],
    ['the storage is down', { ...well, storage: false }, 'storage_unavailable', /file storage .*Try again in 5 s/],
    ['the disk is full', { ...well, diskFull: true }, 'disk_full', /no room .*Try again in 60 s/],
    ['Redis is nearly full', { ...well, headroom: { ...headroom, memoryShare: 0.8 } }, 'overloaded', /80 % of its mem/],
    [
      'too many jobs are unfinished',
      { ...well, backlog: { ...idle, queued: 8, active: 2 } },
      'queue_full',
      /server.*10/,
    ],
    ['too many bytes are queued', { ...well, backlog: { ...idle, bytes: 1_000 } }, 'queue_full', /server.*1000 bytes/],
    ['the client has too many jobs', { ...well, headroom: mine(5, 1) }, 'queue_full', /one client.*5 .*DELETE/],
    [
      'the client has too many bytes',
      { ...well, headroom: mine(1, 500) },
      'queue_full',
      /one client.*500 bytes.*DELETE/,
    ],
  ])('refuses when %s', (_when, findings, code, detail) => {
    expect(() => {
      refuseEarly(findings, limits, me);
    }).toThrow(
      expect.objectContaining({ code, detail: expect.stringMatching(detail), retryAfter: expect.any(Number) }),
    );
  });
});

describe('refuseLargeRecord', () => {
  const input = { name: 'a.pdf', bytes: 1, format: 'pdf' };

  it('accepts the maximum number of items', () => {
    const items = Array.from({ length: 2_000 }, () => ({ file: 0, rotate: 0, pages: '1-3' }));
    refuseLargeRecord({ params: { items }, inputs: [input] });
  });

  it.each([
    ['items', { items: Array.from({ length: 99 }, () => ({ title: 't'.repeat(1_000) })), toc: false }, [input]],
    ['files', { items: [] }, Array.from({ length: 500 }, () => ({ ...input, name: 'n'.repeat(255) }))],
  ])('names %s and the limit', (param, params, inputs) => {
    expect(() => {
      refuseLargeRecord({ params, inputs });
    }).toThrow(
      expect.objectContaining({
        code: 'invalid_params',
        detail: expect.stringMatching(`98304 bytes.*"${param}"`),
        errors: [expect.objectContaining({ param })],
      }),
    );
  });
});

describe('secondsToDrain', () => {
  it('follows the recent throughput, within bounds', () => {
    expect(secondsToDrain({ queued: 100, msPerJob: 500 })).toBe(5);
    expect(secondsToDrain({ queued: 1, msPerJob: 1 })).toBe(1);
    expect(secondsToDrain({ queued: 10_000, msPerJob: 60_000 })).toBe(300);
    expect(secondsToDrain({ queued: 10, msPerJob: undefined })).toBe(10);
  });
});
