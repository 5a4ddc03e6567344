import { DrawnImage } from './drawn.js';
import type { InlineImage } from './inline-data.js';

/** Smaller inline images (ISO 32000-2, 8.9.7) are only counted. */
const SMALL = 4096;
/** Maximum number of large inline images that are described individually. */
const MAX_LARGE = 10_000;

/** A large inline image. */
interface LargeInlineImage {
  readonly page: number;
  /** The object number of the stream that contains it, or 0 for page contents. */
  readonly content: number;
  /** Size of its encoded data. */
  readonly bytes: number;
  readonly widthPoints: number;
  readonly heightPoints: number;
}

/** The inline images of a document. */
export interface InlineImages {
  readonly count: number;
  readonly bytes: number;
  /** Those with more than 4 KB of data, at most 10,000. */
  readonly large: readonly LargeInlineImage[];
}

/** Counts inline images. */
export class InlineImageCounter {
  #count = 0;
  #bytes = 0;
  readonly #large: { content: number; bytes: number; drawn: DrawnImage }[] = [];

  /** Returns what to draw if the image is large. */
  add({ bytes }: InlineImage, content: number): DrawnImage | undefined {
    this.#count += 1;
    this.#bytes += bytes;
    if (bytes <= SMALL || this.#large.length === MAX_LARGE) return undefined;
    const drawn = new DrawnImage();
    this.#large.push({ content, bytes, drawn });
    return drawn;
  }

  summary(): InlineImages {
    const large = this.#large.map(({ content, bytes, drawn: { page, widthPoints, heightPoints } }) => ({
      page,
      content,
      bytes,
      widthPoints,
      heightPoints,
    }));
    return { count: this.#count, bytes: this.#bytes, large };
  }
}
