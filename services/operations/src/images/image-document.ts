import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { AppError } from '@pdf-tools/shared/errors';
import { MAX_PAGES } from '../pdf/limits.js';
import { PdfWriter } from '../pdf-lib/writer.js';
import type { ColorSpace, ImageFrame, PdfImage } from './pdf-image.js';
import { placeFrame } from './placement.js';

/**
 * A PDF with one picture a page, written as the pictures come: the memory it needs is that of one picture.
 */
export class ImageDocument {
  readonly #writer: PdfWriter;
  readonly #pages: number[] = [];
  readonly #profiles = new Map<string, number>();
  readonly #catalog: number;
  readonly #tree: number;

  /** Starts a document in the file at `path`. */
  constructor(path: string) {
    this.#writer = new PdfWriter(path);
    this.#catalog = this.#writer.allocate();
    this.#tree = this.#writer.allocate();
  }

  get pages(): number {
    return this.#pages.length;
  }

  /** Adds a page of the picture's size. Throws `too_many_pages` above the limit of a document. */
  addPage(frame: ImageFrame): void {
    if (this.#pages.length >= MAX_PAGES) {
      throw new AppError('too_many_pages', `The result would have more than ${MAX_PAGES} pages.`);
    }
    const { width, height, matrix } = placeFrame(frame);
    const image = this.#writeImage(frame.image);
    const content = this.#writer.allocate();
    this.#writer.writeStream(content, '', [Buffer.from(`q ${matrix.join(' ')} cm /Im0 Do Q`, 'latin1')]);
    const page = this.#writer.allocate();
    this.#writer.write(
      page,
      `<< /Type /Page /Parent ${this.#tree} 0 R /MediaBox [0 0 ${width} ${height}] /Contents ${content} 0 R ` +
        `/Resources << /XObject << /Im0 ${image} 0 R >> >> >>`,
    );
    this.#pages.push(page);
  }

  /** Writes page tree, catalog and trailer, and closes the file. */
  finish(): void {
    const kids = this.#pages.map((page) => `${page} 0 R`).join(' ');
    this.#writer.write(this.#tree, `<< /Type /Pages /Count ${this.#pages.length} /Kids [${kids}] >>`);
    this.#writer.write(this.#catalog, `<< /Type /Catalog /Pages ${this.#tree} 0 R >>`);
    this.#writer.finish(this.#catalog);
  }

  /** Closes the file of a document that will not be finished. */
  abandon(): void {
    this.#writer.close();
  }

  /** An image XObject (ISO 32000-2, table 87), its soft mask and profile before it. */
  #writeImage(image: PdfImage): number {
    const softMask = image.softMask && this.#writeImage(image.softMask);
    const number = this.#writer.allocate();
    const entries = [
      `/Type /XObject /Subtype /Image /Width ${image.width} /Height ${image.height}`,
      `/BitsPerComponent ${image.bitsPerComponent} /ColorSpace ${this.#colorSpace(image.colorSpace)}`,
      `/Filter /${image.filter}`,
      ...decodeParms(image),
      ...(image.decode ? [`/Decode [${image.decode.join(' ')}]`] : []),
      ...(softMask === undefined ? [] : [`/SMask ${softMask} 0 R`]),
    ];
    this.#writer.writeStream(number, entries.join(' '), image.data);
    return number;
  }

  #colorSpace(space: ColorSpace): string {
    switch (space.kind) {
      case 'DeviceGray':
      case 'DeviceRGB':
      case 'DeviceCMYK':
        return `/${space.kind}`;
      case 'Indexed': {
        const last = space.palette.length / 3 - 1;
        const colors = Buffer.from(space.palette).toString('hex');
        return `[/Indexed ${this.#colorSpace(space.base)} ${last} <${colors}>]`;
      }
      case 'ICCBased':
        return `[/ICCBased ${this.#writeProfile(space.profile, space.components)} 0 R]`;
    }
  }

  /** Photos of one camera share one profile. */
  #writeProfile(profile: Uint8Array, components: number): number {
    const key = createHash('sha256').update(profile).digest('base64');
    const known = this.#profiles.get(key);
    if (known !== undefined) return known;
    const number = this.#writer.allocate();
    this.#profiles.set(key, number);
    const packed = deflateSync(profile, { level: 9 });
    this.#writer.writeStream(number, `/N ${components} /Filter /FlateDecode`, [packed]);
    return number;
  }
}

function decodeParms({ predictor, colorTransform }: PdfImage): string[] {
  if (predictor) {
    const { colors, bitsPerComponent, columns } = predictor;
    const sizes = `/Colors ${colors} /BitsPerComponent ${bitsPerComponent} /Columns ${columns}`;
    return [`/DecodeParms << /Predictor 15 ${sizes} >>`];
  }
  return colorTransform === undefined ? [] : [`/DecodeParms << /ColorTransform ${colorTransform} >>`];
}
