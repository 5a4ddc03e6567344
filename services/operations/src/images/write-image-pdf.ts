import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { NumberedFile } from '../input-error.js';
import { ImageWriter, PdfWriter } from '@pdf-tools/pdf';
import { ImageDocument } from './image-document.js';
import { readFrames } from './read-image.js';

interface Options {
  readonly signal: AbortSignal;
  /** Called after each file with the number of files that are done. */
  readonly onFile?: (done: number) => void;
}

/** What the report says about a file. */
interface WrittenFile {
  readonly pages: number;
  /** Each note once. */
  readonly notes: readonly string[];
}

/**
 * Writes a PDF with a page for each image of the files, in their order. Throws the `AppError`s of `readFrames`, and
 * removes the file at `path` before that.
 */
export async function writeImagePdf(
  path: string,
  files: readonly NumberedFile[],
  { signal, onFile }: Options,
): Promise<WrittenFile[]> {
  const writer = new PdfWriter(path);
  const images = new ImageWriter(writer);
  const document = new ImageDocument(writer);
  try {
    const written: WrittenFile[] = [];
    for (const numbered of files) {
      const before = document.pages;
      const notes = new Set<string>();
      for await (const frame of readFrames(numbered, signal)) {
        signal.throwIfAborted();
        document.addPage(frame, images.write(frame.image));
        for (const note of frame.notes ?? []) notes.add(note);
      }
      written.push({ pages: document.pages - before, notes: [...notes] });
      onFile?.(written.length);
      // The process can only receive a message to stop here, because reading and writing are synchronous.
      await yieldToEventLoop();
    }
    document.finish();
    return written;
  } catch (thrown) {
    writer.discard();
    throw thrown;
  }
}
