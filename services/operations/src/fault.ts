import { AppError } from '@pdf-tools/shared/errors';
import type { ErrorCode } from '@pdf-tools/shared/errors';
import type { InputFile } from './operation.js';

/**
 * Something wrong with one file, found by code that does not know which file of the request it reads. `message` is a
 * sentence without a subject, written for a client ("is cut off: …"); `blame` adds the file's name.
 */
export class Fault extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'Fault';
    this.code = code;
  }
}

/** An input together with its position in the request, counted from 0. */
export interface NumberedFile {
  readonly file: InputFile;
  readonly index: number;
}

/** The client's error for a fault in a file; anything that is not a `Fault` is returned as it is. */
export function blame(thrown: unknown, { file, index }: NumberedFile): unknown {
  if (!(thrown instanceof Fault)) return thrown;
  return new AppError(thrown.code, `"${file.name}" ${thrown.message}.`, {
    errors: [{ file: file.name, index, message: thrown.message }],
    cause: thrown,
  });
}

/** Runs work on one file and names that file in the error when a `Fault` comes out of it. */
export async function blaming<T>(numbered: NumberedFile, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw blame(thrown, numbered);
  }
}
