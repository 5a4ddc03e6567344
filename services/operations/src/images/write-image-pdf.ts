import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { NumberedFile } from '../input-error.js';
import { ImageWriter, PdfWriter } from '@pdf-tools/pdf';
import { ImageDocument } from './image-document.js';
import { readFrames } from './read-image.js';

interface Options {
  readonly signal: AbortSignal;
  /** Called after each file with how many are done. */
  readonly onFile?: (done: number) => void;
}

/**
 * Writes a PDF with a page for each picture of the files, in their order, and returns how many pages each file gave.
 * Throws the `AppError`s of `readFrames`; the file at `path` is then unfinished.
 */
export async function writeImagePdf(
  path: string,
  files: readonly NumberedFile[],
  { signal, onFile }: Options,
): Promise<number[]> {
  const writer = new PdfWriter(path);
  const images = new ImageWriter(writer);
  const document = new ImageDocument(writer);
  try {
    const pages: number[] = [];
    for (const numbered of files) {
      const before = document.pages;
      for await (const frame of readFrames(numbered, signal)) {
        signal.throwIfAborted();
        document.addPage(frame, images.write(frame.image));
      }
      pages.push(document.pages - before);
      onFile?.(pages.length);
      // Reading and writing are synchronous: here the process comes to hear that it should stop.
      await yieldToEventLoop();
    }
    document.finish();
    return pages;
  } catch (thrown) {
    writer.discard();
    throw thrown;
  }
}
