import { InputError } from '../input-error.js';

/** Returns the error for a damaged image. `message` is a sentence without a subject. */
export function corruptImage(message: string, cause?: unknown): InputError {
  return new InputError('corrupt_image', message, cause);
}

/** Returns the error for an intact image that is stored in a way that cannot be read, such as "JPEG 2000 compression". */
export function unsupportedImage(format: string, what: string): InputError {
  return new InputError('unsupported_format', `is a ${format} file with ${what}, which is not supported`);
}
