import type { PdfFile } from '../file/pdf-file.js';
import { NO_OBJECT } from '../syntax/object-numbers.js';
import { PdfDict, PdfString } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import type { ContentHandler } from './content-scanner.js';
import { findResource } from './drawings.js';
import type { Drawings, Request } from './drawings.js';
import type { ShownCodes } from './font-use.js';
import type { Operation } from './operation.js';
import { numbered } from './resources.js';
import type { Numbered, Resources } from './resources.js';

/** Maximum number of saved graphics states of a content stream. */
const MAX_SAVED = 200_000;
/** More bytes outside of operations may be the start of an operation that was too long to keep. */
const MAX_PASSED = 64 * 1024;
const SHOW_OPERATORS = new Set(['Tj', 'TJ', "'", '"']);

/** Provides the fonts that content uses, and receives what a reader cannot know. */
export interface TextFonts {
  /** The codes of a font. Undefined if the object is not a font. */
  codesOf(font: Numbered): ShownCodes | undefined;
  /** Returns what collects the codes of a font name that the resources do not have. Readers may find it elsewhere. */
  unresolved(name: string): ShownCodes;
}

/** Records the strings that the operations of a content stream show, and requests the content that they draw. */
export class TextReader implements ContentHandler {
  isLost = false;
  readonly #file: PdfFile;
  readonly #drawings: Drawings;
  readonly #request: Request;
  readonly #resources: Resources | undefined;
  readonly #fonts: TextFonts;
  readonly #saved: (ShownCodes | undefined)[] = [];
  /** The current font. At the start it is that of the content that draws this content. */
  #font: ShownCodes | undefined;
  #inImage = false;

  constructor(file: PdfFile, drawings: Drawings, request: Request, fonts: TextFonts) {
    this.#file = file;
    this.#drawings = drawings;
    this.#request = request;
    this.#resources = request.content.own ?? request.caller;
    this.#fonts = fonts;
  }

  operation(operation: Operation): void {
    const { operator } = operation;
    if (SHOW_OPERATORS.has(operator)) this.#show(operation.at(-1));
    else if (operator === 'Tf') this.#setFont(operation.name(-2));
    else if (operator === 'q') this.#save();
    else if (operator === 'Q') this.#font = this.#saved.length > 0 ? this.#saved.pop() : this.#font;
    else if (operator === 'Do') this.#draw('XObject', operation.name(-1));
    else if (operator === 'scn' || operator === 'SCN') this.#draw('Pattern', operation.name(-1));
    else if (operator === 'gs') this.#setParameters(operation.name(-1));
    else if (operator === 'ID') this.#inImage = true;
  }

  inlineImage(): void {
    this.#inImage = false;
  }

  passed(bytes: Buffer): void {
    if (!this.#inImage && bytes.length > MAX_PASSED) this.lost();
  }

  /** The rest cannot be read, so the text in it is unknown. */
  lost(): void {
    this.isLost = true;
  }

  #save(): void {
    if (this.#saved.length < MAX_SAVED) this.#saved.push(this.#font);
    else this.lost();
  }

  #show(shown: PdfObject): void {
    const strings = Array.isArray(shown) ? shown : [shown];
    for (const string of strings) if (string instanceof PdfString && string.bytes.length > 0) this.#add(string.bytes);
  }

  /** A page that sets no font shows no text. Other content inherits the font. */
  #add(bytes: Buffer): void {
    if (this.#font) this.#font.add(bytes);
    else if (this.#request.content.num !== NO_OBJECT) this.lost();
  }

  #setFont(name: string | undefined): void {
    if (name === undefined) return;
    const found = findResource(this.#request, 'Font', name);
    const codes = found && this.#fonts.codesOf(found);
    if (!found || !codes) {
      // Some readers keep the font that was set before.
      const unresolved = this.#fonts.unresolved(name);
      this.#font ??= unresolved;
      return;
    }
    this.#font = codes;
    this.#drawings.font(found, `${this.#resources?.id ?? ''}/${name}`, this.#resources);
  }

  #draw(category: 'XObject' | 'Pattern', name: string | undefined): void {
    const found = name === undefined ? undefined : findResource(this.#request, category, name);
    if (!found) return;
    if (category === 'XObject') this.#drawings.xobject(found, this.#resources);
    else this.#drawings.form(found, this.#resources);
  }

  /** Graphics state parameters (8.4.5) may set a font and a soft mask. */
  #setParameters(name: string | undefined): void {
    const parameters = name === undefined ? undefined : findResource(this.#request, 'ExtGState', name)?.value;
    if (!(parameters instanceof PdfDict)) return;
    const mask = this.#file.resolve(parameters.get('SMask'));
    if (mask instanceof PdfDict) this.#drawings.form(numbered(this.#file, mask.get('G')), this.#resources);
    const font = this.#file.resolve(parameters.get('Font'));
    if (!Array.isArray(font)) return;
    const found = numbered(this.#file, font[0]);
    this.#font = this.#fonts.codesOf(found) ?? this.#font;
    this.#drawings.font(found, `gs ${name ?? ''}`, this.#resources);
  }
}
