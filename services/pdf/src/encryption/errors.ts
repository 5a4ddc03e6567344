import { PdfError } from '../errors.js';

const MAX_NAME = 40;

/** The `PdfError` for an entry of an encryption dictionary that is absent or makes no sense. */
export function invalidEntry(key: string): PdfError {
  return new PdfError('corrupt_pdf', `has an encryption dictionary whose ${key} makes no sense`);
}

/** The `PdfError` for an encryption that is none of ours. The name comes from the file. */
export function unsupported(name: string): PdfError {
  const printable = name.replace(/[^ -~]/g, '?').slice(0, MAX_NAME);
  return new PdfError('password_required', `is encrypted by a handler that is not supported: ${printable}`);
}
