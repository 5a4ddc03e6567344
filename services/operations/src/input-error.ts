import { PdfError } from '@pdf-tools/pdf';
import { AppError } from '@pdf-tools/runtime/errors';
import type { ErrorCode, ErrorItem } from '@pdf-tools/runtime/errors';
import type { InputFile } from './operation.js';

/**
 * Something wrong with one file, found by code that does not know the file's name. `message` is a sentence without a
 * subject ("has damaged PNG data"). `withFileName` adds the name and what to do next.
 */
export class InputError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'InputError';
    this.code = code;
  }
}

/** Whether an error is about an input. It is an operation's own error or one of the PDF engine. */
export function isInputError(thrown: unknown): thrown is InputError | PdfError {
  return thrown instanceof InputError || thrown instanceof PdfError;
}

/** An input with its position in the request, from 0. */
export interface NumberedFile {
  readonly file: InputFile;
  readonly index: number;
  /** Parameter with the password of the file, "password" by default. */
  readonly passwordParam?: string;
}

const SAVE_AGAIN = 'Save it again with another program and use the new file.';

/** What to do next, and the parameter it is about. */
interface Remedy {
  readonly text: string;
  readonly param?: string;
}

const REMEDIES: Partial<Record<ErrorCode, Remedy>> = {
  corrupt_pdf: { text: SAVE_AGAIN },
  corrupt_image: { text: SAVE_AGAIN },
  invalid_range: { text: 'Correct "pages" of its entry in "items".', param: 'items' },
  too_many_pages: { text: 'Split it into smaller files.' },
  too_many_pixels: { text: 'Reduce its size and use the new file.' },
  unsupported_format: { text: 'Save it as PNG or JPEG and use the new file.' },
  upload_too_large: { text: 'Split it into smaller files.' },
};

function remedyOf(code: ErrorCode, passwordParam: string): Remedy | undefined {
  if (code === 'password_required') return { text: `Give its password in "${passwordParam}".`, param: passwordParam };
  if (code === 'password_wrong') return { text: `Correct "${passwordParam}".`, param: passwordParam };
  return REMEDIES[code];
}

/** Returns the client's error for something wrong with a file. Any other error is returned unchanged. */
export function nameFile(thrown: unknown, { file, index, passwordParam = 'password' }: NumberedFile): unknown {
  if (!isInputError(thrown)) return thrown;
  const { text, param } = remedyOf(thrown.code, passwordParam) ?? {};
  const item: ErrorItem = { file: file.name, index, ...(param !== undefined && { param }), message: thrown.message };
  const remedy = text === undefined ? '' : ` ${text}`;
  return new AppError(thrown.code, `"${file.name}" ${thrown.message}.${remedy}`, { errors: [item], cause: thrown });
}

/** Runs work on one file. An input error that comes out of it names that file. */
export async function withFileName<T>(numbered: NumberedFile, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw nameFile(thrown, numbered);
  }
}
