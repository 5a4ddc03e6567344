import { PdfError } from '../errors.js';

const MAX_NAME = 40;

/** Returns the error for a missing or invalid entry of an encryption dictionary. */
export function invalidEntry(key: string): PdfError {
  return new PdfError('corrupt_pdf', `has an encryption dictionary whose ${key} is missing or invalid`);
}

/** Returns the error for an unsupported encryption. The name comes from the file. */
export function unsupported(name: string): PdfError {
  const printable = name.replace(/[^ -~]/g, '?').slice(0, MAX_NAME);
  return new PdfError('password_required', `is encrypted by a handler that is not supported: ${printable}`);
}
