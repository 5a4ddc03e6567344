import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { blaming } from '../fault.js';
import type { NumberedFile } from '../fault.js';
import { writeImagePdf } from '../images/write-image-pdf.js';
import type { InputFile } from '../operation.js';
import { readPageTree } from '../pdf/document/page-tree.js';
import type { PageTree } from '../pdf/document/page-tree.js';
import { openSource } from '../pdf/file/byte-source.js';
import { DamagedPdf } from '../pdf/file/damaged.js';
import { PdfFile } from '../pdf/file/pdf-file.js';
import { repairWithQpdf } from '../pdf/file/qpdf-repair.js';
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
      const opening =
        input.format === 'pdf' ? openPdf(numbered, workDir, password) : openPicture(numbered, workDir, signal);
      documents.set(index, await opening);
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

/** Opens a PDF; one that is damaged beyond what can be read here is given to qpdf once. */
async function openPdf(numbered: NumberedFile, workDir: string, password: string | undefined): Promise<OpenDocument> {
  const { path } = numbered.file;
  return blaming(numbered, async () => {
    try {
      return openDocument(numbered, path, password);
    } catch (thrown) {
      if (!(thrown instanceof DamagedPdf)) throw thrown;
      await mkdir(workDir, { recursive: true });
      const repaired = join(workDir, `repaired-${numbered.index}.pdf`);
      if (!(await repairWithQpdf(path, repaired))) throw thrown;
      return openDocument(numbered, repaired, password);
    }
  });
}

function openDocument(numbered: NumberedFile, path: string, password: string | undefined): OpenDocument {
  const source = openSource(path);
  try {
    const file = new PdfFile(source, { password });
    return { numbered, file, tree: readPageTree(file) };
  } catch (thrown) {
    source.close();
    throw thrown;
  }
}

/** A picture as a document. Its file stays readable until it is closed: nobody opens it by its name again. */
async function openPicture(numbered: NumberedFile, workDir: string, signal: AbortSignal): Promise<OpenDocument> {
  await mkdir(workDir, { recursive: true });
  const path = join(workDir, `image-${numbered.index}.pdf`);
  return blaming(numbered, async () => {
    await writeImagePdf(path, [numbered], { signal });
    const document = openDocument(numbered, path, undefined);
    await rm(path);
    return document;
  });
}
