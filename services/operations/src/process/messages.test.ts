import { describe, expect, it } from '@jest/globals';
import { ProtocolError } from './framing.js';
import { parseFromChild } from './messages.js';

const usage = { ms: 1.5, cpu_ms: 1, peak_memory_bytes: null };
const done = {
  type: 'done',
  result: { pages: 1, report: { files: [{ name: 'a' }] } },
  output: { bytes: 1, sha256: '0'.repeat(64) },
  usage,
};
const failed = { type: 'failed', error: { code: 'corrupt_pdf', detail: 'x' }, usage };

function nested(depth: number): unknown {
  return depth === 0 ? 1 : { x: nested(depth - 1) };
}

describe('parseFromChild', () => {
  it.each([
    { type: 'ready' },
    { type: 'progress', percent: 12.5, stage: 'images' },
    { type: 'repair', input: 0 },
    done,
    failed,
    { ...failed, error: { ...failed.error, errors: [{ file: 'a', index: 0, page: 1, message: 'x' }] }, cause: 'stack' },
  ])('accepts %j', (message) => {
    expect(parseFromChild(message)).toEqual(message);
  });

  it.each([
    ['a message of another type', { type: 'run' }],
    ['a text', 'ready'],
    ['a percentage above 100', { type: 'progress', percent: 101, stage: 'x' }],
    ['a long stage', { type: 'progress', percent: 1, stage: 'x'.repeat(101) }],
    ['the path of a file to repair', { type: 'repair', input: '/etc/passwd' }],
    ['a negative number of pages', { ...done, result: { ...done.result, pages: -1 } }],
    ['more pages than a result can have', { ...done, result: { ...done.result, pages: 2 ** 53 - 1 } }],
    ['an error that is too long to be stored', { ...failed, error: { ...failed.error, detail: 'x'.repeat(65_536) } }],
    ['a cause that is too long for the log', { ...failed, cause: 'x'.repeat(16_001) }],
    ['a report that is a list', { ...done, result: { pages: 1, report: [] } }],
    ['a report that is nested deeply', { ...done, result: { pages: 1, report: nested(65) } }],
    ['a hash that is none', { ...done, output: { bytes: 1, sha256: '../x' } }],
    ['an unknown error code', { ...failed, error: { code: '__proto__', detail: 'x' } }],
    ['a member that is not known', { ...done, more: 1 }],
  ])('refuses %s', (_what, message) => {
    expect(() => parseFromChild(message)).toThrow(ProtocolError);
  });
});
