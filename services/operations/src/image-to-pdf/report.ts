import { isCarriedOver } from '../images/pdf-image.js';
import type { ImageFrame } from '../images/pdf-image.js';
import type { JsonObject } from '../operation.js';
import type { ImageFile } from './image-file.js';

/** Maximum number of images that the report lists. */
const MAX_LISTED = 200;

interface FileFacts {
  pages: number;
  /** Images without a page. */
  leftOut: number;
  /** Each note once. */
  readonly notes: Set<string>;
}

/** Collects the pages of each file, and what each image is. */
export class ImageReport {
  readonly #images: JsonObject[] = [];
  readonly #files = new Map<number, FileFacts>();
  #total = 0;

  /** Adds the next page. */
  add({ index }: ImageFile, frame: ImageFrame): void {
    const { image, dpi, notes = [] } = frame;
    this.#total += 1;
    const file = this.#fileOf(index);
    file.pages += 1;
    for (const note of notes) file.notes.add(note);
    if (this.#images.length === MAX_LISTED) return;
    this.#images.push({
      file: index,
      page: this.#total,
      width: image.width,
      height: image.height,
      ...(dpi && { dpi: [dpi.x, dpi.y] }),
      filter: image.filter,
      encoding: isCarriedOver(frame) ? 'kept' : 're-encoded',
      ...(notes.length > 0 && { notes: [...notes] }),
    });
  }

  /** Reports how many images of a file have no page. */
  leaveOut({ index }: ImageFile, count: number): void {
    this.#fileOf(index).leftOut += count;
  }

  get pages(): number {
    return this.#total;
  }

  /** The report about files in the order of the request. */
  describe(files: readonly ImageFile[]): JsonObject {
    const entries = files
      .toSorted((one, other) => one.index - other.index)
      .map(({ file, index }) => {
        const { pages, leftOut, notes } = this.#fileOf(index);
        const leftOutEntry = leftOut > 0 && { frames_left_out: leftOut };
        return { index, name: file.name, pages, ...leftOutEntry, ...(notes.size > 0 && { notes: [...notes] }) };
      });
    return { files: entries, pages: this.#total, images: this.#images };
  }

  #fileOf(index: number): FileFacts {
    const known = this.#files.get(index);
    if (known) return known;
    const file: FileFacts = { pages: 0, leftOut: 0, notes: new Set() };
    this.#files.set(index, file);
    return file;
  }
}
