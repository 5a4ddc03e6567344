import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { withFileName } from '../input-error.js';
import type { NumberedFile } from '../input-error.js';
import { ImageDocument } from '../images/pages/image-document.js';
import { placeFrame } from '../images/pages/placement.js';
import { readFrames } from '../images/read-image.js';
import { MemorySink, MemorySource, PdfFile, PdfWriter, TargetRef, readPageTree, sourceNumber } from '@pdf-tools/pdf';
import type { SourceObjectNumber, TargetObjectNumber } from '@pdf-tools/pdf';
import type { OpenDocument } from './documents.js';
import type { MergeItem } from './options.js';
import type { MergeOutput } from './output.js';
import { readPageRanges } from './page-ranges.js';

interface Options {
  readonly output: MergeOutput;
  /** The items that take pages of the image. Empty if all pages are taken. */
  readonly items: readonly MergeItem[];
  readonly signal: AbortSignal;
}

/**
 * Opens an image as a document in memory with a page for each frame. Writes the frames of taken pages to the result
 * immediately. Throws the errors of `readFrames`, and `invalid_range`.
 */
export async function openImage(numbered: NumberedFile, options: Options): Promise<OpenDocument> {
  return withFileName(numbered, () => readImage(numbered, options));
}

async function readImage(numbered: NumberedFile, { output, items, signal }: Options): Promise<OpenDocument> {
  const sink = new MemorySink();
  const writer = new PdfWriter(sink);
  const document = new ImageDocument(writer);
  const written = new Map<SourceObjectNumber, TargetObjectNumber>();
  const notes = new Set<string>();
  let taken: ReadonlySet<number> | undefined;
  for await (const frame of readFrames(numbered, { signal })) {
    signal.throwIfAborted();
    taken ??= pagesTaken(items, frame.frameCount);
    const num = writer.allocate();
    if (taken.has(document.pages)) written.set(sourceNumber(num), output.images.write(frame.image).num);
    for (const note of frame.notes ?? []) notes.add(note);
    document.addPage(placeFrame(frame), new TargetRef(num));
  }
  document.finish();
  // The process can only receive a message to stop here, because reading and writing are synchronous.
  await yieldToEventLoop();
  const file = new PdfFile(new MemorySource(sink.toBuffer()));
  return { numbered, file, tree: readPageTree(file), written, notes: [...notes] };
}

/** The pages that the items take, as positions from 0. */
function pagesTaken(items: readonly MergeItem[], count: number): Set<number> {
  const taken = new Set<number>();
  const ranges = items.length === 0 ? [undefined] : items.map(({ pages }) => pages);
  for (const range of ranges) {
    for (const page of readPageRanges(range ?? '1-', count)) taken.add(page);
    if (taken.size === count) break;
  }
  return taken;
}
