import type { NumberedFile } from '../input-error.js';
import { openPdf } from '../open-pdf.js';
import type { InputFile, RunContext } from '../operation.js';
import type { PageTree, PdfFile, SourceObjectNumber, TargetObjectNumber } from '@pdf-tools/pdf';
import { openImage } from './open-image.js';
import type { MergeItem } from './options.js';
import type { MergeOutput } from './output.js';

/** An open file of the request. */
export interface OpenDocument {
  readonly numbered: NumberedFile;
  readonly file: PdfFile;
  readonly tree: PageTree;
  /** Objects of the file that are already in the target: target numbers by source numbers. */
  readonly written?: ReadonlyMap<SourceObjectNumber, TargetObjectNumber>;
  /** What the report says about an image. */
  readonly notes?: readonly string[];
}

interface OpenOptions {
  readonly repair: RunContext['repair'];
  readonly output: MergeOutput;
  readonly signal: AbortSignal;
  /** Positions of the files that are needed. */
  readonly needed: ReadonlySet<number>;
  readonly items: readonly MergeItem[];
}

/**
 * Opens the needed files once each, by their positions in the request. Images become documents with the pages of
 * `image-to-pdf`. The caller closes the documents. If a file cannot be opened, closes the others and throws the error
 * with its name.
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
      const numbered = { file: input, index, passwordParam: passwordParam(items, index) };
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

/** Without an entry for the file, this is the parameter in a list with an entry for each file in their order. */
function passwordParam(items: readonly MergeItem[], index: number): string {
  const isOwn = ({ file }: MergeItem): boolean => file === index;
  const withPassword = items.findIndex((item) => isOwn(item) && item.password !== undefined);
  const position = withPassword >= 0 ? withPassword : items.findIndex(isOwn);
  return `items[${position >= 0 ? position : index}].password`;
}

export function closeDocuments(documents: ReadonlyMap<number, OpenDocument>): void {
  for (const { file } of documents.values()) file.close();
}
