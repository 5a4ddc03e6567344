import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { NumberedFile } from '../input-error.js';
import { ImageWriter, PdfWriter } from '@pdf-tools/pdf';
import { ImageDocument } from '../images/pages/image-document.js';
import type { Rgb } from '../images/pages/image-document.js';
import type { PageLayout, Rotation } from '../images/pages/layout.js';
import { placeFrame } from '../images/pages/placement.js';
import { readFrames } from '../images/read-image.js';

/** A file with the rotation of its images. */
export interface ImageFile extends NumberedFile {
  readonly rotation: Rotation;
}

interface Options {
  readonly layout: PageLayout;
  readonly background: Rgb | undefined;
  readonly signal: AbortSignal;
  /** Called after each file with the number of finished files. */
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
  files: readonly ImageFile[],
  { layout, background, signal, onFile }: Options,
): Promise<WrittenFile[]> {
  const writer = new PdfWriter(path);
  const images = new ImageWriter(writer);
  const document = new ImageDocument(writer);
  try {
    const written: WrittenFile[] = [];
    for (const file of files) {
      const before = document.pages;
      const notes = new Set<string>();
      for await (const frame of readFrames(file, signal)) {
        signal.throwIfAborted();
        document.addPage(placeFrame(frame, layout, file.rotation), images.write(frame.image), background);
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
