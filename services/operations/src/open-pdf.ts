import { withFileName } from './input-error.js';
import type { NumberedFile } from './input-error.js';
import type { RunContext } from './operation.js';
import { DamagedPdf, PdfFile, openSource, readPageTree } from '@pdf-tools/pdf';
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
}

/**
 * Opens a PDF of the request. If the engine cannot repair a damaged file, qpdf rewrites it once. The caller closes
 * `file`. Throws an `AppError` that names the file if it cannot be opened.
 */
export async function openPdf(numbered: NumberedFile, { repair, password }: OpenOptions): Promise<OpenPdf> {
  const { path } = numbered.file;
  return withFileName(numbered, async () => {
    try {
      return { ...openAt(path, password), rebuilt: false };
    } catch (thrown) {
      if (!(thrown instanceof DamagedPdf)) throw thrown;
      const rebuilt = await repair(numbered.index);
      if (rebuilt === undefined) throw thrown;
      return { ...openAt(rebuilt, password), rebuilt: true };
    }
  });
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
