import { describe, expect, it } from '@jest/globals';
import { AppError } from '@pdf-tools/runtime/errors';
import multer from 'multer';
import { ClientGone } from '../http/client-gone.js';
import { uploadError } from './upload-errors.js';

const codeOf = (thrown: unknown) => {
  const error = uploadError(thrown);
  return error instanceof AppError ? error.code : error;
};
const multerError = (code: string, field?: string) => new multer.MulterError(code as multer.ErrorCode, field);

describe('uploadError', () => {
  it.each([
    ['LIMIT_PART_COUNT', 'bad_multipart'],
    ['LIMIT_FIELD_KEY', 'bad_multipart'],
    ['LIMIT_FIELD_COUNT', 'bad_multipart'],
    ['MISSING_FIELD_NAME', 'bad_multipart'],
    ['LIMIT_FIELD_VALUE', 'invalid_params'],
    ['LIMIT_FIELD_NESTING', 'invalid_params'],
    ['A_CODE_OF_THE_FUTURE', 'bad_multipart'],
  ])('answers %s with %s', (code, answer) => {
    expect(codeOf(multerError(code, 'note'))).toBe(answer);
  });

  it('names a nested field by what comes before the bracket', () => {
    const error = uploadError(multerError('LIMIT_FIELD_NESTING', '__proto__[x]'));
    expect(error).toMatchObject({ errors: [{ param: '__proto__' }] });
  });

  it('distinguishes a full disk from other system errors', () => {
    const trouble = (code: string) => Object.assign(new Error(code), { code, syscall: 'write' });
    expect(codeOf(trouble('ENOSPC'))).toBe('disk_full');
    const other = trouble('EIO');
    expect(codeOf(other)).toBe(other);
  });

  it('returns API errors and a closed connection unchanged', () => {
    const gone = new ClientGone();
    expect(codeOf(gone)).toBe(gone);
    expect(codeOf(new AppError('empty_file', ''))).toBe('empty_file');
  });

  it('answers any other error of the parser with bad_multipart', () => {
    expect(codeOf(new Error('Unexpected end of form'))).toBe('bad_multipart');
  });
});
