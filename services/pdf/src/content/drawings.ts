import type { PdfFile } from '../file/pdf-file.js';
import { PdfDict, PdfStream, isName } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import { DrawnContent, DrawnImage } from './drawn.js';
import { MatrixAllowance } from './edge.js';
import { reachOf } from './content-use.js';
import { matrixOf } from './matrix.js';
import type { Matrix } from './matrix.js';
import { ResourceObjects, Resources, numbered } from './resources.js';
import type { Category, Numbered } from './resources.js';
import { StreamContent } from './stream-content.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';
import { NO_OBJECT } from '../syntax/object-numbers.js';

const GLYPH_SPACE: Matrix = { a: 0.001, b: 0, c: 0, d: 0.001 };

/** Something drawn, and the matrix from its space to the space of the content that draws it. */
export interface Drawing {
  readonly drawn: DrawnContent | DrawnImage;
  readonly matrix: Matrix;
}

/** Content to read, with the resources of the content that draws it. */
export interface Request {
  readonly content: StreamContent;
  readonly caller: Resources | undefined;
}

/**
 * Finds a named resource of content. A form without resources uses those of its caller, and some readers also search there
 * for names that its own resources do not have.
 */
export function findResource({ content, caller }: Request, category: Category, name: string): Numbered | undefined {
  const own = content.own?.find(category, name);
  if (own) return own;
  content.needsCaller = true;
  return caller?.find(category, name);
}

/** Everything that a document's content draws, once per object number. */
export class Drawings {
  readonly images = new Map<SourceObjectNumber, DrawnImage>();
  readonly allowance = new MatrixAllowance();
  /** Requested content that is not read yet. */
  readonly requests: Request[] = [];
  readonly objects = new ResourceObjects();
  readonly #file: PdfFile;
  readonly #contents = new Map<SourceObjectNumber | string, StreamContent>();
  readonly #fonts = new Map<string, DrawnContent>();

  constructor(file: PdfFile) {
    this.#file = file;
  }

  /** All content with an object number of its own, without pages. */
  *streams(): Generator<StreamContent> {
    for (const content of this.#contents.values()) if (content.num !== NO_OBJECT) yield content;
  }

  /** The content of a page. Pages with the same streams and resources share it. */
  page(streams: readonly Numbered[], resources: Resources): StreamContent {
    const isShared = streams.every(({ num }) => num !== NO_OBJECT);
    const key = isShared ? `${streams.map(({ num }) => num).join(' ')}/${resources.id}` : undefined;
    const known = key === undefined ? undefined : this.#contents.get(key);
    if (known) return known;
    const parts = streams.flatMap(({ value }) => (value instanceof PdfStream ? [value] : []));
    const content = new StreamContent(NO_OBJECT, parts, resources, undefined);
    if (key !== undefined) this.#contents.set(key, content);
    this.#request(content, undefined);
    return content;
  }

  /** An external object (8.8). Undefined if it draws nothing. Some writers omit /Subtype. */
  xobject({ num, value }: Numbered, caller: Resources | undefined): Drawing | undefined {
    if (!(value instanceof PdfStream)) return undefined;
    const subtype = this.#file.resolve(value.dict.get('Subtype'));
    if (isName(subtype, 'Image') || (subtype === null && value.dict.has('Width'))) {
      return { drawn: this.image(num), matrix: { a: 1, b: 0, c: 0, d: 1 } };
    }
    const isForm = isName(subtype, 'Form') || (subtype === null && value.dict.has('BBox'));
    return isForm ? this.form({ num, value }, caller) : undefined;
  }

  /** A form XObject (8.10) or a tiling pattern (8.7.3). */
  form({ num, value }: Numbered, caller: Resources | undefined): Drawing | undefined {
    if (!(value instanceof PdfStream)) return undefined;
    return { drawn: this.#content(num, value, undefined, caller), matrix: this.#matrix(value.dict.get('Matrix')) };
  }

  /** A Type 3 font (9.6.4) with all its glyphs, each drawn once. Undefined for other fonts. */
  font({ num, value }: Numbered, key: string, caller: Resources | undefined): Drawing | undefined {
    if (!(value instanceof PdfDict) || !isName(this.#file.resolve(value.get('Subtype')), 'Type3')) return undefined;
    const id = num === NO_OBJECT ? key : `${num}/${value.has('Resources') ? '' : (caller?.id ?? '')}`;
    const drawn = this.#fonts.get(id) ?? this.#glyphs(num, value, id, caller);
    this.#fonts.set(id, drawn);
    const matrix = value.has('FontMatrix') ? this.#matrix(value.get('FontMatrix')) : GLYPH_SPACE;
    return { drawn, matrix };
  }

  #glyphs(num: SourceObjectNumber, font: PdfDict, id: string, caller: Resources | undefined): DrawnContent {
    const glyphs = new DrawnContent();
    if (num !== NO_OBJECT) this.objects.owners.add(num);
    const own = this.#file.resolve(font.get('Resources'));
    const resources =
      own === null ? caller : new Resources(this.#file, font.get('Resources'), `font ${id}`, this.objects);
    const procs = this.#file.resolve(font.get('CharProcs'));
    for (const proc of procs instanceof PdfDict ? procs.values() : []) {
      const glyph = numbered(this.#file, proc);
      if (!(glyph.value instanceof PdfStream)) continue;
      const content = this.#content(glyph.num, glyph.value, resources, caller);
      glyphs.add(content, { a: 1, b: 0, c: 0, d: 1 }, this.allowance);
    }
    return glyphs;
  }

  image(num: SourceObjectNumber): DrawnImage {
    const known = this.images.get(num);
    if (known) return known;
    const image = new DrawnImage();
    this.images.set(num, image);
    return image;
  }

  #content(
    num: SourceObjectNumber,
    stream: PdfStream,
    resources: Resources | undefined,
    caller: Resources | undefined,
  ): StreamContent {
    const known = this.#contents.get(num);
    const content = known ?? new StreamContent(num, [stream], resources ?? this.#own(num, stream), caller);
    content.reach ??= reachOf(this.#file, stream.dict.get('BBox'));
    this.#contents.set(num, content);
    this.#request(content, caller);
    return content;
  }

  #own(num: SourceObjectNumber, { dict }: PdfStream): Resources | undefined {
    const resources = dict.get('Resources');
    if (this.#file.resolve(resources) === null) return undefined;
    this.objects.owners.add(num);
    return new Resources(this.#file, resources, `stream ${num}`, this.objects, num);
  }

  /** Content is read once, or once per caller if it needs the caller's resources. */
  #request(content: StreamContent, caller: Resources | undefined): void {
    const isSettled = content.isRead && !content.needsCaller;
    if (isSettled && content.own) return;
    const id = caller?.id ?? '';
    if (content.callers.has(id)) return;
    content.callers.set(id, caller);
    if (isSettled) return;
    this.requests.push({ content, caller });
  }

  #matrix(values: PdfObject | undefined): Matrix {
    return matrixOf(this.#file.resolve(values), (value) => this.#file.resolve(value));
  }
}
