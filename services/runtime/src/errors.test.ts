import { describe, expect, it } from '@jest/globals';
import { AppError, ERROR_CODES, isErrorCode, toAppError, toProblem } from './errors.js';

describe('AppError', () => {
  it('is the same after a way through JSON', () => {
    const error = new AppError('corrupt_pdf', 'It is cut off.', {
      errors: [{ index: 1, file: 'b.pdf', message: 'cut off' }],
    });
    const copy = AppError.fromRecord(JSON.parse(JSON.stringify(error.toRecord())) as ReturnType<AppError['toRecord']>);
    expect(copy.toRecord()).toEqual(error.toRecord());
    expect([copy.status, copy.retryable]).toEqual([422, false]);
  });

  it('replaces any other error, which becomes its cause', () => {
    const cause = new Error('at /srv/secret');
    const error = toAppError(cause);
    expect(error).toMatchObject({ code: 'internal_error', status: 500, cause });
    expect(JSON.stringify(toProblem(error, 'r'))).not.toContain('secret');
    expect(toAppError(error)).toBe(error);
  });
});

describe('toProblem', () => {
  it('has every member of RFC 9457 and of this API', () => {
    expect(toProblem(new AppError('queue_full', 'Come back later.'), 'r-1')).toEqual({
      type: 'urn:pdf-tools:error:queue_full',
      title: 'The queue is full',
      status: 429,
      detail: 'Come back later.',
      code: 'queue_full',
      request_id: 'r-1',
      retryable: true,
      errors: [],
    });
  });
});

it('adds the remedy of the code to a detail that does not have it', () => {
  const detailOf = (detail: string) => toProblem(new AppError('disk_full', detail), 'r').detail;
  expect(detailOf('The disk is full.')).toBe('The disk is full. Try again in 60 s.');
  expect(detailOf('There is no room. Try again in 60 s.')).toBe('There is no room. Try again in 60 s.');
});

describe('ERROR_CODES', () => {
  it('have the status of an error', () => {
    for (const [code, { status }] of Object.entries(ERROR_CODES)) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(isErrorCode(code)).toBe(true);
    }
    expect(isErrorCode('toString')).toBe(false);
  });
});
