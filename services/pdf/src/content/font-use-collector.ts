import { PdfError } from '../errors.js';
import { pageDict } from '../document/page-tree.js';
import type { PageEntry } from '../document/page-tree.js';
import type { PdfFile } from '../file/pdf-file.js';
import { NO_OBJECT } from '../syntax/object-numbers.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';
import { PdfDict, PdfStream, isName, isOfType } from '../syntax/objects.js';
import { appearancesOf } from './appearances.js';
import { ContentStreams, contentsOf } from './content-streams.js';
import { Drawings } from './drawings.js';
import type { Request } from './drawings.js';
import { ShownCodes } from './font-use.js';
import { Resources } from './resources.js';
import type { Numbered } from './resources.js';
import { TextReader } from './text-reader.js';
import type { TextFonts } from './text-reader.js';

/** Reads content and collects the codes that it shows with each font. */
export class FontUseCollector implements TextFonts {
  isComplete = true;
  readonly fonts = new Map<SourceObjectNumber, ShownCodes>();
  readonly unresolvedNames = new Set<string>();
  readonly #file: PdfFile;
  readonly #drawings: Drawings;
  readonly #streams: ContentStreams;
  readonly #read = new Set<SourceObjectNumber>();
  readonly #unknownFont: ShownCodes;

  constructor(file: PdfFile, signal: AbortSignal) {
    this.#file = file;
    this.#streams = new ContentStreams(file, signal);
    this.#drawings = new Drawings(file);
    this.#unknownFont = new ShownCodes(file, new PdfDict());
  }

  /** Reads what a page and its annotations draw. `key` identifies a page without an object number. */
  async readPage(page: PageEntry, key: string): Promise<void> {
    if (page.num !== undefined) this.#read.add(page.num);
    try {
      const dict = pageDict(this.#file, page);
      const resources = new Resources(this.#file, dict.get('Resources'), `page ${key}`, this.#drawings.objects);
      this.#drawings.page(contentsOf(this.#file, dict), resources);
      for (const { form } of appearancesOf(this.#file, dict)) this.#drawings.form(form, resources);
    } catch (thrown) {
      this.#skip(thrown);
    }
    await this.#readRequests();
  }

  /** Reads an object that is content no page draws, such as a template page or an unused appearance. */
  async readUnused(num: SourceObjectNumber): Promise<void> {
    if (this.#read.has(num) || this.fonts.has(num)) return;
    try {
      const value = this.#file.load(num);
      if (isOfType(value, 'Page')) {
        await this.readPage({ num, direct: undefined, inherited: new PdfDict() }, '');
        return;
      }
      if (value instanceof PdfDict) this.#drawings.font({ num, value }, `font ${num}`, undefined);
      else if (value instanceof PdfStream && this.#isContent(value)) this.#drawings.form({ num, value }, undefined);
    } catch (thrown) {
      this.#skip(thrown);
    }
    await this.#readRequests();
  }

  codesOf({ num, value }: Numbered): ShownCodes | undefined {
    const known = num === NO_OBJECT ? undefined : this.fonts.get(num);
    if (known) return known;
    if (!(value instanceof PdfDict)) return undefined;
    const codes = new ShownCodes(this.#file, value);
    if (num !== NO_OBJECT) this.fonts.set(num, codes);
    return codes;
  }

  unresolved(name: string): ShownCodes {
    this.unresolvedNames.add(name);
    return this.#unknownFont;
  }

  /** A form XObject or a tiling pattern. Some writers omit /Subtype. */
  #isContent({ dict }: PdfStream): boolean {
    const subtype = this.#file.resolve(dict.get('Subtype'));
    return subtype === null ? dict.has('BBox') : isName(subtype, 'Form');
  }

  async #readRequests(): Promise<void> {
    const { requests } = this.#drawings;
    for (let request = requests.pop(); request; request = requests.pop()) {
      const { content } = request;
      if (content.isRead && !content.needsCaller) continue;
      this.#read.add(content.num);
      await this.#readContent(request);
      content.isRead = true;
    }
  }

  async #readContent(request: Request): Promise<void> {
    const reader = new TextReader(this.#file, this.#drawings, request, this);
    try {
      await this.#streams.scan(request.content, reader);
    } catch (thrown) {
      this.#skip(thrown);
    }
    if (reader.isLost) this.isComplete = false;
  }

  /** Content that cannot be read may show any text. */
  #skip(thrown: unknown): void {
    if (!(thrown instanceof PdfError)) throw thrown;
    this.isComplete = false;
  }
}
