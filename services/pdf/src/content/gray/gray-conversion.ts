import type { SourceObjectNumber } from '../../syntax/object-numbers.js';
import type { PageEntry } from '../../document/page-tree.js';
import type { PdfFile } from '../../file/pdf-file.js';
import { DecodingBudget } from '../../filters/budget.js';
import type { PdfObject } from '../../syntax/objects.js';
import { ContentScanner } from '../content-scanner.js';
import { decodedPieces } from '../decoded-pieces.js';
import { ImageUseCollector } from '../image-use-collector.js';
import type { Resources } from '../resources.js';
import type { StreamContent } from '../stream-content.js';
import { ColorSpaceReader } from './color-space.js';
import { FunctionReader } from './functions.js';
import { GrayContentWriter } from './gray-content.js';
import { GrayObjects } from './gray-objects.js';
import { ShadingConverter } from './gray-shading.js';

const SPACE = Buffer.from('\n');

/**
 * Converts the colours of content, shadings and annotations to gray (ISO 32000-2, 10.4.3). DeviceRGB and ICCBased with
 * three components use 0.3 R + 0.59 G + 0.11 B, and CalRGB does after its gamma. Four components count as DeviceCMYK.
 * Separation and DeviceN use their tint transform, Lab its luminance. Image XObjects are not converted.
 */
export class GrayConversion {
  /** What could not be converted, in words that follow "left in colour:", and how often. */
  readonly left = new Map<string, number>();
  readonly #file: PdfFile;
  readonly #signal: AbortSignal;
  readonly #budget = new DecodingBudget();
  readonly #colorSpaces: ColorSpaceReader;
  readonly #objects: GrayObjects;
  readonly #streams = new Map<SourceObjectNumber, StreamContent>();
  readonly #pages: readonly (StreamContent | undefined)[];
  #changes = 0;

  private constructor(file: PdfFile, collector: ImageUseCollector, signal: AbortSignal) {
    this.#file = file;
    this.#signal = signal;
    this.#pages = collector.pages;
    for (const content of collector.streams()) this.#streams.set(content.num, content);
    const functions = new FunctionReader(file, this.#budget);
    this.#colorSpaces = new ColorSpaceReader(file, functions, this.#budget);
    const note = this.#note.bind(this);
    const shadings = new ShadingConverter(file, functions, this.#colorSpaces);
    this.#objects = new GrayObjects(shadings, this.#colorSpaces, (text) => this.#grayText(text), note);
  }

  /** Reads the content of all pages to find every stream that they draw. */
  static async of(
    file: PdfFile,
    pages: readonly PageEntry[],
    { signal }: { readonly signal: AbortSignal },
  ): Promise<GrayConversion> {
    const collector = new ImageUseCollector(file, signal);
    for (const [index, page] of pages.entries()) await collector.readPage(page, index + 1);
    return new GrayConversion(file, collector, signal);
  }

  /** Number of operators, shadings and other colours changed so far. 0 for a document without colour. */
  get changes(): number {
    return this.#changes + this.#objects.changes;
  }

  /**
   * The gray content of a form XObject, tiling pattern, Type 3 glyph or appearance in pieces, by object number.
   * Undefined if no page draws the object or if it cannot be decoded.
   */
  content(num: SourceObjectNumber): AsyncGenerator<Buffer, void, undefined> | undefined {
    return this.#rewritten(this.#streams.get(num));
  }

  /**
   * The gray content of a page, all its streams together, by page number from 1. The streams cannot be converted
   * separately, because one may use the colour space that another selected.
   */
  pageContent(page: number): AsyncGenerator<Buffer, void, undefined> | undefined {
    return this.#rewritten(this.#pages[page - 1]);
  }

  /**
   * Converts shadings, spaces of uncoloured patterns and annotation colours of an object. Returns the same object if it
   * has none.
   */
  object(value: PdfObject): PdfObject {
    return this.#objects.convert(value);
  }

  #rewritten(content: StreamContent | undefined): AsyncGenerator<Buffer, void, undefined> | undefined {
    if (!content) return undefined;
    if (!content.isUndecodable) return this.#rewrite(content);
    this.#note('content that cannot be decoded');
    return undefined;
  }

  async *#rewrite({ streams, own, caller }: StreamContent): AsyncGenerator<Buffer, void, undefined> {
    const writer = this.#writer([own, caller]);
    const scanner = new ContentScanner(writer);
    for (const stream of streams) {
      for await (const piece of decodedPieces(this.#file, stream, this.#budget)) {
        this.#signal.throwIfAborted();
        scanner.push(piece);
        const bytes = writer.take();
        if (bytes.length > 0) yield bytes;
      }
      scanner.push(SPACE);
    }
    scanner.end();
    this.#changes += writer.changes;
    yield writer.take();
  }

  #grayText(text: Buffer): Buffer {
    const writer = this.#writer([]);
    const scanner = new ContentScanner(writer);
    scanner.push(text);
    scanner.end();
    this.#changes += writer.changes;
    return writer.take();
  }

  #writer(resources: readonly (Resources | undefined)[]): GrayContentWriter {
    return new GrayContentWriter(resources, this.#colorSpaces, this.#budget, this.#note.bind(this));
  }

  #note(what: string): void {
    this.left.set(what, (this.left.get(what) ?? 0) + 1);
  }
}
