import { describe, expect, it } from '@jest/globals';
import { AppError, ERROR_CODES, isErrorCode, toAppError, toProblem } from './errors.js';

describe('AppError', () => {
  it('crosses a process boundary unchanged', () => {
    const error = new AppError('corrupt_pdf', 'It is cut off.', {
      errors: [{ index: 1, file: 'b.pdf', message: 'cut off' }],
    });
    const copy = AppError.fromRecord(JSON.parse(JSON.stringify(error.toRecord())) as ReturnType<AppError['toRecord']>);
    expect(copy.toRecord()).toEqual(error.toRecord());
    expect([copy.status, copy.retryable]).toEqual([422, false]);
  });

  it('hides what it does not know behind internal_error, and keeps it as the cause', () => {
    const cause = new Error('at /srv/secret');
    const error = toAppError(cause);
    expect(error).toMatchObject({ code: 'internal_error', status: 500, cause });
    expect(JSON.stringify(toProblem(error, 'r'))).not.toContain('secret');
    expect(toAppError(error)).toBe(error);
  });
});

describe('toProblem', () => {
  it('has every member of RFC 9457 and ours', () => {
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

describe('the codes', () => {
  it('are errors by their status, and known as codes', () => {
    for (const [code, { status }] of Object.entries(ERROR_CODES)) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(isErrorCode(code)).toBe(true);
    }
    expect(isErrorCode('toString')).toBe(false);
  });
});
