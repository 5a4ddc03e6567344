import type { NumberedFile } from '../input-error.js';
import { openPdf } from '../open-pdf.js';
import type { InputFile, RunContext } from '../operation.js';
import type { PageTree, PdfFile, SourceObjectNumber, TargetObjectNumber } from '@pdf-tools/pdf';
import { openImage } from './open-image.js';
import type { MergeItem } from './options.js';
import type { MergeOutput } from './output.js';

/** A file of the request, opened. */
export interface OpenDocument {
  readonly numbered: NumberedFile;
  readonly file: PdfFile;
  readonly tree: PageTree;
  /** Objects of the file that the result has already: their numbers there, by their numbers in the file. */
  readonly written?: ReadonlyMap<SourceObjectNumber, TargetObjectNumber>;
}

interface OpenOptions {
  readonly repair: RunContext['repair'];
  readonly output: MergeOutput;
  readonly signal: AbortSignal;
  /** Files of the request that are needed. */
  readonly needed: ReadonlySet<number>;
  readonly items: readonly MergeItem[];
}

/**
 * Opens the files that are needed, each once, by their positions in the request. An image becomes a document with the
 * pages that `image-to-pdf` makes of it. The caller closes the documents. Throws the client's error for a file that
 * cannot be opened, and closes those that could.
 */
export async function openDocuments(
  inputs: readonly InputFile[],
  { repair, output, signal, needed, items }: OpenOptions,
): Promise<Map<number, OpenDocument>> {
  const documents = new Map<number, OpenDocument>();
  try {
    for (const [index, input] of inputs.entries()) {
      if (!needed.has(index)) continue;
      signal.throwIfAborted();
      const numbered = { file: input, index };
      const own = items.filter(({ file }) => file === index);
      const password = own.find((item) => item.password !== undefined)?.password;
      const opened =
        input.format === 'pdf'
          ? { numbered, ...(await openPdf(numbered, { repair, password })) }
          : await openImage(numbered, { output, items: own, signal });
      documents.set(index, opened);
    }
  } catch (thrown) {
    closeDocuments(documents);
    throw thrown;
  }
  return documents;
}

export function closeDocuments(documents: ReadonlyMap<number, OpenDocument>): void {
  for (const { file } of documents.values()) file.close();
}
