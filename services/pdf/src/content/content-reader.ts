import type { PdfFile } from '../file/pdf-file.js';
import { PdfDict, PdfStream } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import type { ContentHandler } from './content-scanner.js';
import { findResource } from './drawings.js';
import type { Drawing, Drawings, Request } from './drawings.js';
import type { InlineImage } from './inline-data.js';
import { IDENTITY, multiply } from './matrix.js';
import type { Matrix } from './matrix.js';
import type { Operation } from './operation.js';
import { numbered } from './resources.js';
import type { Resources } from './resources.js';

/** Maximum number of saved graphics states of a content stream. */
const MAX_SAVED = 200_000;

/** The part of the graphics state (ISO 32000-2, 8.4) that determines sizes. */
interface State {
  /** From the current user space to the space in which the content starts. */
  readonly matrix: Matrix;
  readonly font: Drawing | undefined;
  readonly size: number;
  /** Horizontal scaling (9.3.4), 1 for none. */
  readonly stretch: number;
}

/** Receives the inline images of a content stream, with their matrix to the space in which it starts. */
export type OnInlineImage = (image: InlineImage, matrix: Matrix) => void;

/** Records what the operations of a content stream draw, and with which matrices. */
export class ContentReader implements ContentHandler {
  isLost = false;
  readonly #file: PdfFile;
  readonly #drawings: Drawings;
  readonly #request: Request;
  readonly #resources: Resources | undefined;
  readonly #onInlineImage: OnInlineImage;
  readonly #saved: State[] = [];
  #state: State = { matrix: IDENTITY, font: undefined, size: 0, stretch: 1 };
  #text: Matrix = IDENTITY;

  constructor(file: PdfFile, drawings: Drawings, request: Request, onInlineImage: OnInlineImage) {
    this.#file = file;
    this.#drawings = drawings;
    this.#request = request;
    this.#resources = request.content.own ?? request.caller;
    this.#onInlineImage = onInlineImage;
  }

  operation(operation: Operation): void {
    const { operator } = operation;
    if (operator === 'q' || operator === 'Q' || operator === 'cm') this.#graphicsState(operation);
    else if (operator === 'Do') this.#drawXObject(operation.name(-1));
    else if (operator === 'scn' || operator === 'SCN') this.#paintWith(operation.name(-1));
    else if (operator === 'gs') this.#setParameters(operation.name(-1));
    else if (operator.startsWith('T') || operator === 'BT' || operator === "'" || operator === '"') {
      this.#textOperation(operation);
    }
  }

  inlineImage(image: InlineImage): void {
    this.#onInlineImage(image, this.#state.matrix);
  }

  /** The rest cannot be read, so the images that it draws have an unknown size. */
  lost(): void {
    if (this.isLost) return;
    this.isLost = true;
    const resources = this.#resources;
    if (!resources) return;
    for (const name of resources.names('XObject')) this.#add(this.#xobject(name), undefined);
    for (const name of resources.names('Pattern')) this.#add(this.#pattern(name), undefined);
    for (const name of resources.names('Font')) this.#add(this.#font(name), undefined);
    for (const name of resources.names('ExtGState')) {
      const state = findResource(this.#request, 'ExtGState', name)?.value;
      if (state instanceof PdfDict) this.#softMask(state.get('SMask'), undefined);
    }
  }

  #graphicsState(operation: Operation): void {
    if (operation.operator === 'q') {
      if (this.#saved.length < MAX_SAVED) this.#saved.push(this.#state);
      else this.lost();
    } else if (operation.operator === 'Q') {
      this.#state = this.#saved.pop() ?? this.#state;
    } else {
      const matrix = operation.matrix();
      if (matrix) this.#state = { ...this.#state, matrix: multiply(matrix, this.#state.matrix) };
    }
  }

  #drawXObject(name: string | undefined): void {
    if (name !== undefined) this.#add(this.#xobject(name), this.#state.matrix);
  }

  /** A pattern's matrix leads to the initial space of the content, not to the current one (8.7.3.1). */
  #paintWith(name: string | undefined): void {
    if (name !== undefined) this.#add(this.#pattern(name), IDENTITY);
  }

  /** Graphics state parameters (8.4.5). A soft mask uses the matrix at the time it is set (11.6.5.2). */
  #setParameters(name: string | undefined): void {
    const parameters = name === undefined ? undefined : findResource(this.#request, 'ExtGState', name)?.value;
    if (!(parameters instanceof PdfDict)) return;
    this.#softMask(parameters.get('SMask'), this.#state.matrix);
    const font = this.#file.resolve(parameters.get('Font'));
    if (!Array.isArray(font)) return;
    const size = this.#file.resolve(font[1]);
    this.#state = {
      ...this.#state,
      font: this.#drawings.font(numbered(this.#file, font[0]), `gs ${name ?? ''}`, this.#resources),
      size: typeof size === 'number' ? size : 0,
    };
  }

  #softMask(value: PdfObject | undefined, matrix: Matrix | undefined): void {
    const mask = this.#file.resolve(value);
    if (!(mask instanceof PdfDict)) return;
    this.#add(this.#drawings.form(numbered(this.#file, mask.get('G')), this.#resources), matrix);
  }

  #textOperation(operation: Operation): void {
    const { operator } = operation;
    if (operator === 'BT') this.#text = IDENTITY;
    else if (operator === 'Tm') this.#text = operation.matrix() ?? this.#text;
    else if (operator === 'Tz') this.#state = { ...this.#state, stretch: (operation.number(-1) ?? 100) / 100 };
    else if (operator === 'Tf') this.#setFont(operation);
    else if (operator === 'Tj' || operator === 'TJ' || operator === "'" || operator === '"') this.#showText();
  }

  #setFont(operation: Operation): void {
    const name = operation.name(-2);
    const font = name === undefined ? undefined : this.#font(name);
    this.#state = { ...this.#state, font, size: operation.number(-1) ?? 0 };
  }

  /** 9.4.4. All glyphs of a font have the same size, so the text does not matter. */
  #showText(): void {
    const { font, size, stretch, matrix } = this.#state;
    if (!font) return;
    const scaled = { a: size * stretch, b: 0, c: 0, d: size };
    this.#add(font, multiply(multiply(scaled, this.#text), matrix));
  }

  #add(drawing: Drawing | undefined, matrix: Matrix | undefined): void {
    if (!drawing) return;
    const whole = matrix && multiply(drawing.matrix, matrix);
    this.#request.content.add(drawing.drawn, whole, this.#drawings.allowance);
  }

  #xobject(name: string): Drawing | undefined {
    const found = findResource(this.#request, 'XObject', name);
    return found && this.#drawings.xobject(found, this.#resources);
  }

  #pattern(name: string): Drawing | undefined {
    const found = findResource(this.#request, 'Pattern', name);
    return found?.value instanceof PdfStream ? this.#drawings.form(found, this.#resources) : undefined;
  }

  #font(name: string): Drawing | undefined {
    const found = findResource(this.#request, 'Font', name);
    return found && this.#drawings.font(found, `${this.#resources?.id ?? ''}/${name}`, this.#resources);
  }
}
