import { PdfError } from '@pdf-tools/pdf';
import { AppError } from '@pdf-tools/runtime/errors';
import type { ErrorCode } from '@pdf-tools/runtime/errors';
import type { InputFile } from './operation.js';

/**
 * Something wrong with one file, found by code that does not know which file of the request it reads. `message` is a
 * sentence without a subject, written for a client ("is cut off: …"); `withFileName` adds the file's name.
 */
export class InputError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'InputError';
    this.code = code;
  }
}

/** Whether an error says that an input is bad: an operation's own error or one of the PDF engine's. */
export function isInputError(thrown: unknown): thrown is InputError | PdfError {
  return thrown instanceof InputError || thrown instanceof PdfError;
}

/** An input together with its position in the request, counted from 0. */
export interface NumberedFile {
  readonly file: InputFile;
  readonly index: number;
}

/** The client's error for something wrong with a file. Any other error is returned unchanged. */
export function nameFile(thrown: unknown, { file, index }: NumberedFile): unknown {
  if (!isInputError(thrown)) return thrown;
  return new AppError(thrown.code, `"${file.name}" ${thrown.message}.`, {
    errors: [{ file: file.name, index, message: thrown.message }],
    cause: thrown,
  });
}

/** Runs work on one file. An input error that comes out of it names that file. */
export async function withFileName<T>(numbered: NumberedFile, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw nameFile(thrown, numbered);
  }
}
