import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { blaming } from '../fault.js';
import type { NumberedFile } from '../fault.js';
import { writeImagePdf } from '../images/write-image-pdf.js';
import { openPdf } from '../open-pdf.js';
import type { OpenPdf } from '../open-pdf.js';
import type { InputFile } from '../operation.js';
import type { PageTree } from '../pdf/document/page-tree.js';
import type { PdfFile } from '../pdf/file/pdf-file.js';
import type { MergeItem } from './options.js';

/** A file of the request, opened. */
export interface OpenDocument {
  readonly numbered: NumberedFile;
  readonly file: PdfFile;
  readonly tree: PageTree;
}

interface OpenOptions {
  readonly workDir: string;
  readonly signal: AbortSignal;
  /** Files of the request that are needed. */
  readonly needed: ReadonlySet<number>;
  readonly items: readonly MergeItem[];
}

/**
 * Opens the files that are needed, each once, by their positions in the request; a picture becomes a document as
 * `image-to-pdf` makes it. The caller closes them. Throws the client's error for a file that cannot be opened, and
 * closes those that could.
 */
export async function openDocuments(
  inputs: readonly InputFile[],
  { workDir, signal, needed, items }: OpenOptions,
): Promise<Map<number, OpenDocument>> {
  const documents = new Map<number, OpenDocument>();
  try {
    for (const [index, input] of inputs.entries()) {
      if (!needed.has(index)) continue;
      signal.throwIfAborted();
      const numbered = { file: input, index };
      const password = items.find(({ file, password }) => file === index && password !== undefined)?.password;
      const opened =
        input.format === 'pdf'
          ? await openPdf(numbered, { workDir, password })
          : await openPicture(numbered, workDir, signal);
      documents.set(index, { numbered, ...opened });
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

/** A picture as a document. Its file stays readable until it is closed: nobody opens it by its name again. */
async function openPicture(numbered: NumberedFile, workDir: string, signal: AbortSignal): Promise<OpenPdf> {
  await mkdir(workDir, { recursive: true });
  const path = join(workDir, `image-${numbered.index}.pdf`);
  await blaming(numbered, () => writeImagePdf(path, [numbered], { signal }));
  const document = await openPdf(
    { file: { ...numbered.file, path }, index: numbered.index },
    { workDir, password: undefined },
  );
  await rm(path);
  return document;
}
