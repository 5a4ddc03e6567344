import { PdfError } from '../errors.js';
import { pageDict } from '../document/page-tree.js';
import type { PageEntry } from '../document/page-tree.js';
import type { PdfFile } from '../file/pdf-file.js';
import { PdfStream } from '../syntax/objects.js';
import type { PdfDict } from '../syntax/objects.js';
import { appearancesOf } from './appearances.js';
import { ContentReader } from './content-reader.js';
import { describeContent, reachOf } from './content-use.js';
import type { ContentUse } from './content-use.js';
import { ContentStreams, contentsOf } from './content-streams.js';
import { Drawings } from './drawings.js';
import type { Request } from './drawings.js';
import { DrawFollower, DrawnContent } from './drawn.js';
import type { DrawnImage } from './drawn.js';
import { ImageRoleFinder } from './image-roles.js';
import type { ImageRoles } from './image-roles.js';
import { InlineImageCounter } from './inline-images.js';
import { IDENTITY, multiply, uniformScale } from './matrix.js';
import { Resources, numbered } from './resources.js';
import type { StreamContent } from './stream-content.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';
import { NO_OBJECT } from '../syntax/object-numbers.js';

/** Reads pages one by one and records what they draw. */
export class ImageUseCollector {
  complete = true;
  contents = 0;
  readonly inline = new InlineImageCounter();
  /** The content of each page that was read. */
  readonly pages: StreamContent[] = [];
  readonly #file: PdfFile;
  readonly #drawings: Drawings;
  readonly #follower = new DrawFollower();
  readonly #streams: ContentStreams;

  constructor(file: PdfFile, signal: AbortSignal) {
    this.#file = file;
    this.#streams = new ContentStreams(file, signal);
    this.#drawings = new Drawings(file);
  }

  /** Number of draws followed so far. */
  get draws(): number {
    return this.#follower.draws;
  }

  /** Follows what a page draws. `number` counts from 1. */
  async readPage(page: PageEntry, number: number): Promise<void> {
    const root = new DrawnContent();
    let unit = 1;
    try {
      const dict = pageDict(this.#file, page);
      unit = this.#userUnit(dict);
      if (page.num !== undefined) this.#drawings.objects.owners.add(page.num);
      this.#addParts(root, dict, number, page.num);
    } catch (thrown) {
      this.#skip(thrown);
    }
    const again = await this.#readRequests();
    this.#follower.draw(root, uniformScale(unit * unit), number);
    for (const content of again) this.#follower.redraw(content, number);
  }

  /** All content that is a stream with its own number, without pages. */
  streams(): Iterable<StreamContent> {
    return this.#drawings.streams();
  }

  /** The objects that contain the named resources of all content that was read. */
  resourceObjects(): ReadonlySet<SourceObjectNumber> {
    const { owners, dictionaries, xobjects } = this.#drawings.objects;
    return new Set([...owners, ...dictionaries, ...xobjects]);
  }

  /** All content that was read, and where it is drawn. */
  contentUses(): ContentUse[] {
    return describeContent(this.pages, this.streams());
  }

  /** Draws masks with their images (8.9.6.3, 11.6.5.2). Call it after the last page. */
  addMasks(): void {
    const drawn = [...this.#drawings.images].filter(([, { page }]) => page > 0);
    for (const [num, image] of drawn) {
      for (const mask of this.#masksOf(num)) this.#drawings.image(mask).drawWith(image);
    }
  }

  /** All drawn images with their other uses. Roles are undefined if they cannot be determined. */
  async drawnImages(): Promise<{ num: SourceObjectNumber; image: DrawnImage; roles: ImageRoles | undefined }[]> {
    const drawn = [...this.#drawings.images].filter(([, { page }]) => page > 0);
    const finder = new ImageRoleFinder(
      this.#file,
      drawn.map(([num]) => num),
      this.#drawings.objects,
    );
    let isWhole = true;
    for (const num of drawn.length > 0 ? this.#file.numbers() : []) {
      await this.#streams.yieldAfter();
      try {
        finder.add(num);
      } catch (thrown) {
        this.#skip(thrown);
        isWhole = false;
      }
    }
    return drawn.map(([num, image]) => ({ num, image, roles: isWhole ? finder.roles.get(num) : undefined }));
  }

  #masksOf(num: SourceObjectNumber): SourceObjectNumber[] {
    try {
      const image = this.#file.load(num);
      if (!(image instanceof PdfStream)) return [];
      return [image.dict.get('SMask'), image.dict.get('Mask')].flatMap((entry) => {
        const mask = numbered(this.#file, entry);
        return mask.value instanceof PdfStream ? [mask.num] : [];
      });
    } catch (thrown) {
      this.#skip(thrown);
      return [];
    }
  }

  #userUnit(page: PdfDict): number {
    const unit = this.#file.resolve(page.get('UserUnit'));
    return typeof unit === 'number' && unit > 0 ? unit : 1;
  }

  #addParts(root: DrawnContent, page: PdfDict, number: number, num = NO_OBJECT): void {
    const { allowance, objects } = this.#drawings;
    const resources = new Resources(this.#file, page.get('Resources'), `page ${number}`, objects, num);
    const content = this.#drawings.page(contentsOf(this.#file, page), resources);
    this.pages[number - 1] = content;
    const reach = reachOf(this.#file, page.get('MediaBox'));
    content.reach = reach === undefined ? undefined : Math.max(content.reach ?? 0, reach);
    root.add(content, IDENTITY, allowance);
    for (const { form, matrix } of appearancesOf(this.#file, page)) {
      const drawing = this.#drawings.form(form, resources);
      if (drawing) root.add(drawing.drawn, multiply(drawing.matrix, matrix), allowance);
    }
  }

  /** Reads requested content recursively. Returns content that was read before and draws more now. */
  async #readRequests(): Promise<StreamContent[]> {
    const again: StreamContent[] = [];
    const { requests } = this.#drawings;
    for (let request = requests.pop(); request; request = requests.pop()) {
      const { content } = request;
      if (content.isRead && !content.needsCaller) continue;
      if (content.isRead) again.push(content);
      await this.#read(request);
      content.isRead = true;
    }
    return again;
  }

  async #read(request: Request): Promise<void> {
    const { content } = request;
    const isFirst = !content.isRead;
    this.contents += 1;
    const reader = new ContentReader(this.#file, this.#drawings, request, (image, matrix) => {
      const drawn = isFirst ? this.inline.add(image, content.num) : undefined;
      if (drawn) content.add(drawn, matrix, this.#drawings.allowance);
    });
    try {
      await this.#streams.scan(content, reader);
    } catch (thrown) {
      this.#skip(thrown);
      content.isUndecodable = true;
      this.#lose(reader);
    }
    if (reader.isLost) this.complete = false;
  }

  #lose(reader: ContentReader): void {
    try {
      reader.lost();
    } catch (thrown) {
      this.#skip(thrown);
    }
  }

  /** An error in the file affects only the content that contains it. */
  #skip(thrown: unknown): void {
    if (!(thrown instanceof PdfError)) throw thrown;
    this.complete = false;
  }
}
