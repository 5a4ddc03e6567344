import type { AppError, ErrorCode } from '@pdf-tools/runtime/errors';

/** The exit codes of the program, with their descriptions in `--help`. */
export const EXIT = {
  ok: { code: 0, meaning: 'success' },
  internal: { code: 1, meaning: 'internal error' },
  usage: { code: 2, meaning: 'invalid options or parameters' },
  input: { code: 3, meaning: 'an input file is missing, unreadable or of an unsupported format' },
  password: { code: 4, meaning: 'a PDF needs a password, or the password is wrong' },
  limit: { code: 5, meaning: 'a limit is exceeded: pixels, pages, time or memory' },
  output: { code: 6, meaning: 'the result cannot be written' },
  some: { code: 7, meaning: 'with --each: some files failed' },
  interrupted: { code: 130, meaning: 'interrupted' },
} as const;

export type ExitClass = keyof typeof EXIT;

const CLASS_OF_CODE: Partial<Record<ErrorCode, ExitClass>> = {
  invalid_params: 'usage',
  no_files: 'usage',
  too_many_files: 'usage',
  empty_file: 'input',
  password_required: 'password',
  password_wrong: 'password',
  time_limit: 'limit',
  out_of_memory: 'limit',
  disk_full: 'output',
};

/** Returns the exit class of an error by its code, or else by its HTTP status. */
export function exitClass(error: AppError): ExitClass {
  const own = CLASS_OF_CODE[error.code];
  if (own) return own;
  const { status } = error;
  if (status === 413) return 'limit';
  return status === 415 || status === 422 ? 'input' : 'internal';
}

/** A mistake on the command line. The program prints `message` and how to get help. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A file that cannot be read or written; `message` names it. */
export class FileError extends Error {
  override readonly name = 'FileError';
  readonly exit: 'input' | 'output';

  constructor(exit: 'input' | 'output', message: string, cause?: unknown) {
    super(message, { cause });
    this.exit = exit;
  }
}
