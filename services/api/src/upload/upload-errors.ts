import { AppError } from '@pdf-tools/runtime/errors';
import { isDiskFull } from '@pdf-tools/runtime/files';
import multer from 'multer';
import { ClientGone } from '../http/client-gone.js';
import { diskFull } from './disk-budget.js';
import { decodePartName } from './part-name.js';

/** Limits of the text fields of a multipart body. */
export const FIELD_LIMITS = { fields: 100, fieldSize: 65_536, fieldNameSize: 200, fieldNestingDepth: 0 } as const;

/** Returns what a client gets for an error of an upload. All errors of multer and its parser are the client's. */
export function uploadError(thrown: unknown): unknown {
  if (thrown instanceof AppError || thrown instanceof ClientGone) return thrown;
  if (isDiskFull(thrown)) return diskFull(thrown);
  if (thrown instanceof multer.MulterError) return multerError(thrown);
  if (isSystemError(thrown)) return thrown;
  return bad('The multipart body is malformed or cut off. Send it again, from its first boundary to its last.', thrown);
}

function multerError(error: multer.MulterError): AppError {
  // The text before a bracket is the name. The rest would be a path into an object, and no parameter is one.
  const param = decodePartName((error.field ?? '').split('[', 1)[0] ?? '');
  switch (error.code as string) {
    case 'LIMIT_FIELD_VALUE':
      return tooLong(param, FIELD_LIMITS.fieldSize, error);
    case 'LIMIT_FIELD_NESTING':
    case 'LIMIT_FIELD_ARRAY_INDEX':
    case 'INVALID_FIELD_NAME': {
      const message = 'must be sent without brackets in its name';
      const errors = [{ param, message }];
      return new AppError('invalid_params', `The field "${param}" ${message}.`, { errors, cause: error });
    }
    case 'LIMIT_FIELD_COUNT':
      return bad(`The form has more than ${FIELD_LIMITS.fields} text fields. Send fewer.`, error, FIELD_LIMITS.fields);
    case 'LIMIT_FIELD_KEY':
      return bad(
        `The name of a field is longer than ${FIELD_LIMITS.fieldNameSize} bytes. Shorten it.`,
        error,
        FIELD_LIMITS.fieldNameSize,
      );
    case 'LIMIT_PART_COUNT':
      return bad('The form has more parts than this operation takes. Send fewer files and fields.', error);
    case 'MISSING_FIELD_NAME':
      return bad('A part of the form has no name. Add name="…" to its Content-Disposition.', error);
    default:
      return bad('The multipart body cannot be read. Send it as RFC 7578 describes.', error);
  }
}

function tooLong(param: string, limit: number, cause: unknown): AppError {
  const message = `must have at most ${limit} bytes`;
  const errors = [{ param, limit, message }];
  return new AppError('invalid_params', `The field "${param}" ${message}. Shorten it.`, { errors, cause });
}

function bad(detail: string, cause: unknown, limit?: number): AppError {
  const errors = limit === undefined ? [] : [{ limit, message: `must be at most ${limit}` }];
  return new AppError('bad_multipart', detail, { errors, cause });
}

function isSystemError(thrown: unknown): boolean {
  return thrown instanceof Error && 'syscall' in thrown;
}
