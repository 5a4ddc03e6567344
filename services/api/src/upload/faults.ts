import { AppError } from '@pdf-tools/runtime/errors';
import { isDiskFull } from '@pdf-tools/runtime/storage';
import multer from 'multer';
import { diskFull } from './disk-budget.js';
import { ClientGone } from '../http/client-gone.js';

/** Bounds of a multipart body beside its files. */
export const FIELD_LIMITS = { fields: 100, fieldSize: 65_536, fieldNameSize: 200, fieldNestingDepth: 0 } as const;

/** Whatever went wrong with an upload, as an error of the contract. Multer's and its parser's are all the client's. */
export function uploadFault(thrown: unknown): unknown {
  if (thrown instanceof AppError || thrown instanceof ClientGone) return thrown;
  if (isDiskFull(thrown)) return diskFull(thrown);
  if (thrown instanceof multer.MulterError) return multerFault(thrown);
  if (isSystemError(thrown)) return thrown;
  return new AppError('bad_multipart', 'The multipart body is malformed or incomplete.', { cause: thrown });
}

function multerFault(error: multer.MulterError): AppError {
  // What comes before a bracket is the name; the rest would be a path into an object, which no parameter is.
  const param = (error.field ?? '').split('[', 1)[0] ?? '';
  const invalid = (message: string) =>
    new AppError('invalid_params', `The field "${param}" cannot be taken.`, {
      errors: [{ param, message }],
      cause: error,
    });
  switch (error.code as string) {
    case 'LIMIT_FIELD_VALUE':
      return invalid(`must have at most ${FIELD_LIMITS.fieldSize} bytes`);
    case 'LIMIT_FIELD_NESTING':
    case 'LIMIT_FIELD_ARRAY_INDEX':
    case 'INVALID_FIELD_NAME':
      return invalid('is not the name of a parameter: names have no brackets');
    case 'LIMIT_FIELD_COUNT':
      return bad(`A form may have ${FIELD_LIMITS.fields} fields beside its files.`, error);
    case 'LIMIT_FIELD_KEY':
      return bad(`A field's name may have ${FIELD_LIMITS.fieldNameSize} bytes.`, error);
    case 'LIMIT_PART_COUNT':
      return bad('The form has too many parts.', error);
    case 'MISSING_FIELD_NAME':
      return bad('A part of the form has no name.', error);
    default:
      return bad('The multipart body cannot be taken.', error);
  }
}

function bad(detail: string, cause: unknown): AppError {
  return new AppError('bad_multipart', detail, { cause });
}

function isSystemError(thrown: unknown): boolean {
  return thrown instanceof Error && 'syscall' in thrown;
}
