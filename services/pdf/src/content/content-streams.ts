import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { PdfFile } from '../file/pdf-file.js';
import { DecodingBudget } from '../filters/budget.js';
import type { PdfDict } from '../syntax/objects.js';
import { ContentScanner } from './content-scanner.js';
import type { ContentHandler } from './content-scanner.js';
import { decodedPieces } from './decoded-pieces.js';
import { numbered } from './resources.js';
import type { Numbered } from './resources.js';
import type { StreamContent } from './stream-content.js';

/** Fixed cost of reading a content stream, because many empty streams take time too. */
const COST_OF_CONTENT = 256;
/** The event loop gets a turn after this many bytes. */
const YIELD_BYTES = 1024 * 1024;
const SPACE = Buffer.from('\n');

/** Reads the content of a document with one decoding budget, and gives the event loop its turns. */
export class ContentStreams {
  readonly #file: PdfFile;
  readonly #signal: AbortSignal;
  readonly #budget = new DecodingBudget();
  #bytesSinceYield = 0;

  constructor(file: PdfFile, signal: AbortSignal) {
    this.#file = file;
    this.#signal = signal;
  }

  /** Passes the operations of content to a handler. Throws a `PdfError` if the streams cannot be decoded. */
  async scan({ streams }: StreamContent, handler: ContentHandler): Promise<void> {
    const scanner = new ContentScanner(handler);
    this.#budget.spend(COST_OF_CONTENT);
    for (const stream of streams) {
      await this.yieldAfter();
      for await (const piece of decodedPieces(this.#file, stream, this.#budget)) {
        await this.yieldAfter(piece.length);
        scanner.push(piece);
      }
      scanner.push(SPACE);
    }
    scanner.end();
  }

  /** Counts work, in bytes. Throws the reason of the signal if it is aborted. */
  async yieldAfter(bytes = COST_OF_CONTENT): Promise<void> {
    this.#bytesSinceYield += bytes;
    if (this.#bytesSinceYield < YIELD_BYTES) return;
    this.#bytesSinceYield = 0;
    await yieldToEventLoop();
    this.#signal.throwIfAborted();
  }
}

/** The streams of a page's content, as the objects that /Contents has (7.7.3.3). */
export function contentsOf(file: PdfFile, page: PdfDict): Numbered[] {
  const contents = numbered(file, page.get('Contents'));
  if (!Array.isArray(contents.value)) return [contents];
  return contents.value.map((part) => numbered(file, part));
}
