import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { ImageWriter, ObjectDeduplicator, PdfWriter } from '@pdf-tools/pdf';
import { reserveInput } from '../images/input-buffer.js';
import { ImageDocument } from '../images/pages/image-document.js';
import type { Rgb } from '../images/pages/image-document.js';
import type { PageLayout } from '../images/pages/layout.js';
import { placeFrame } from '../images/pages/placement.js';
import type { BilevelCoding } from '../images/encode.js';
import { readFrames } from '../images/read-image.js';
import { writeMetadata } from './metadata.js';
import type { Metadata } from './metadata.js';
import type { ImageFile } from './image-file.js';
import type { ImageReport } from './report.js';
import { findUniqueImages } from './unique-images.js';

/** What the document looks like. */
interface Settings {
  readonly layout: PageLayout;
  readonly background: Rgb | undefined;
  readonly metadata: Metadata;
  /** Whether files with several images give a page for each. */
  readonly frames: 'all' | 'first';
  readonly bilevel: BilevelCoding;
}

interface Options extends Settings {
  readonly report: ImageReport;
  readonly signal: AbortSignal;
  /** Called after each file with the number of finished files. */
  readonly onFile: (done: number) => void;
}

/**
 * Writes a PDF with a page for each image of the files, in their order. Throws the `AppError`s of `readFrames`, and
 * removes the file at `path` before that.
 */
export async function writeImagePdf(path: string, files: readonly ImageFile[], options: Options): Promise<void> {
  const writer = new PdfWriter(path);
  const images = new ImageWriter(writer, new ObjectDeduplicator());
  const document = new ImageDocument(writer);
  const unique = findUniqueImages(files);
  reserveInput(Math.max(...files.map(({ file }) => file.bytes)));
  try {
    for (const [done, file] of files.entries()) {
      await addPages(document, images, { ...options, file, isUnique: unique.has(file) });
      options.onFile(done + 1);
      // The process can only receive a message to stop here, because reading and writing are synchronous.
      await yieldToEventLoop();
    }
    document.finish(writeMetadata(writer, options.metadata));
  } catch (thrown) {
    writer.discard();
    throw thrown;
  }
}

interface PagesOptions extends Options {
  readonly file: ImageFile;
  /** Whether no other file has the same image. */
  readonly isUnique: boolean;
}

async function addPages(
  document: ImageDocument,
  images: ImageWriter,
  { file, isUnique, layout, background, frames, bilevel, report, signal }: PagesOptions,
): Promise<void> {
  for await (const frame of readFrames(file, { signal, bilevel })) {
    signal.throwIfAborted();
    // The frames of an animation are often equal.
    const image = images.write(frame.image, { isUnique: isUnique && frame.frameCount === 1 });
    document.addPage(placeFrame(frame, layout, file.rotation), image, background);
    report.add(file, frame);
    if (frames === 'all') continue;
    report.leaveOut(file, frame.frameCount - 1);
    return;
  }
}
