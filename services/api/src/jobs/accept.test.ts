import { describe, expect, it } from '@jest/globals';
import { refuseEarly, secondsToDrain } from './accept.js';

const idle = { queued: 0, active: 0, bytes: 0, msPerJob: undefined };
const well = { redis: true, disk: true, diskFull: false, workers: 1, backlog: idle };
const limits = { jobs: 10, bytes: 1_000 };

describe('refuseEarly', () => {
  it('lets a call through while there is room', () => {
    refuseEarly(well, limits);
    refuseEarly({ ...well, backlog: { ...idle, queued: 7, active: 2, bytes: 999 } }, limits);
  });

  it.each([
    ['Redis is away', { ...well, redis: false }, 'redis_unavailable'],
    ['the disk is not usable', { ...well, disk: false }, 'disk_full'],
    ['the disk is full', { ...well, diskFull: true }, 'disk_full'],
    ['too many jobs are unfinished', { ...well, backlog: { ...idle, queued: 8, active: 2 } }, 'queue_full'],
    ['too many bytes wait', { ...well, backlog: { ...idle, queued: 1, bytes: 1_000 } }, 'queue_full'],
  ])('refuses when %s', (_when, findings, code) => {
    expect(() => {
      refuseEarly(findings, limits);
    }).toThrow(expect.objectContaining({ code, retryAfter: expect.any(Number) }));
  });
});

describe('secondsToDrain', () => {
  it('follows the pace of late, within bounds', () => {
    expect(secondsToDrain({ queued: 100, msPerJob: 500 })).toBe(5);
    expect(secondsToDrain({ queued: 1, msPerJob: 1 })).toBe(1);
    expect(secondsToDrain({ queued: 10_000, msPerJob: 60_000 })).toBe(300);
    expect(secondsToDrain({ queued: 10, msPerJob: undefined })).toBe(10);
  });
});
