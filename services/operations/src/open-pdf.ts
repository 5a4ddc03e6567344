import { InputError, withFileName } from './input-error.js';
import type { NumberedFile } from './input-error.js';
import type { RunContext } from './operation.js';
import { DamagedPdf, PasswordError, PdfFile, openSource, readPageTree } from '@pdf-tools/pdf';
import type { PageTree } from '@pdf-tools/pdf';

/** A PDF of the request, opened for reading. */
export interface OpenPdf {
  readonly file: PdfFile;
  readonly tree: PageTree;
  /** Whether qpdf had to rewrite the file before the engine could open it. */
  readonly rebuilt: boolean;
}

interface OpenOptions {
  readonly repair: RunContext['repair'];
  /** The user or owner password, if the client sent one. */
  readonly password: string | undefined;
  /** The parameter for the password, as an error describes it. Defaults to `"password"`. */
  readonly passwordParam?: string;
}

/**
 * Opens a PDF of the request. If the engine cannot repair a damaged file, qpdf rewrites it once. The caller closes
 * `file`. Throws an `AppError` that names the file if it cannot be opened.
 */
export async function openPdf(
  numbered: NumberedFile,
  { repair, password, passwordParam = '"password"' }: OpenOptions,
): Promise<OpenPdf> {
  const { path } = numbered.file;
  return withFileName(numbered, async () => {
    try {
      return { ...openAt(path, password), rebuilt: false };
    } catch (thrown) {
      if (thrown instanceof PasswordError) throw withRemedy(thrown, passwordParam);
      if (!(thrown instanceof DamagedPdf)) throw thrown;
      const rebuilt = await repair(numbered.index);
      if (rebuilt === undefined) throw thrown;
      return { ...openAt(rebuilt, password), rebuilt: true };
    }
  });
}

/** Adds how to send the password. */
function withRemedy(error: PasswordError, param: string): InputError {
  const what = error.code === 'password_required' ? 'it' : 'the user or owner password';
  return new InputError(error.code, `${error.message}. Send ${what} in ${param}`, error);
}

function openAt(path: string, password: string | undefined): Omit<OpenPdf, 'rebuilt'> {
  const source = openSource(path);
  try {
    const file = new PdfFile(source, { password });
    return { file, tree: readPageTree(file) };
  } catch (thrown) {
    source.close();
    throw thrown;
  }
}
