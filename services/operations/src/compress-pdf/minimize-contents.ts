import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import {
  DecodingBudget,
  NO_OBJECT,
  PdfDict,
  PdfRef,
  PdfStream,
  UsedNames,
  decodeStrictly,
  isLosslessFilter,
  minimizeContent,
  setFilters,
} from '@pdf-tools/pdf';
import type { ContentUse, PageEntry, PdfFile, PdfObject, Placement, SourceObjectNumber } from '@pdf-tools/pdf';
import type { Changes } from './changes.js';
import { deflateBest, isDeflatedWell } from './packing.js';
import type { Repacked } from './repack-streams.js';

/** Content above these decoded sizes stays as it is, of one stream and of the document. */
const MAX_CONTENT_BYTES = 8 * 1024 * 1024;
const MAX_TOTAL_BYTES = 24 * 1024 * 1024;
/** Parts of a page's content above this size that other content has too are not written again for each page. */
const MAX_REPEATED_BYTES = 256;
/** Below this size, the unchanged content is deflated as well, and the smaller result is used. */
const COMPARED_BYTES = 512 * 1024;
/** Deflated at the best level again, well deflated content loses at most this share of its size. */
const MAX_DEFLATE_GAIN = 0.01;
/** Content that is shorter by less than this share hardly gets smaller when it is deflated. */
const MIN_SAVING = 0.025;
/** The event loop gets a turn after this many decoded bytes. */
const YIELD_BYTES = 256 * 1024;
/** Fixed cost of content in bytes, because many empty streams take time too. */
const COST_OF_CONTENT = 1024;
const FLATE = [{ name: 'FlateDecode', parms: undefined }];

interface Options {
  readonly changes: Changes;
  readonly signal: AbortSignal;
}

/** A part of content as it is now. */
interface Part {
  /** `NO_OBJECT` for a direct object. */
  readonly num: SourceObjectNumber;
  readonly stream: PdfStream;
}

/** What was done with the content of a document. */
export interface MinimizedContents extends Repacked {
  /** The names that content uses. Content that is not in the map is not understood. */
  readonly names: ReadonlyMap<ContentUse, UsedNames>;
  /** Streams that nothing uses any more, because they are parts of a new stream. */
  readonly superseded: ReadonlySet<SourceObjectNumber>;
}

/**
 * Writes the content of pages, forms, patterns, glyphs and appearances in fewer bytes, if it is smaller when deflated.
 */
export async function minimizeContents(
  file: PdfFile,
  pages: readonly PageEntry[],
  contents: readonly ContentUse[],
  options: Options,
): Promise<MinimizedContents> {
  const minimizer = new DocumentMinimizer(file, pages, contents, options);
  await minimizer.minimizeAll();
  return minimizer;
}

/** Contents with the same parts, which differ in their resources, and where they are drawn. */
interface Group {
  readonly parts: readonly Part[];
  readonly uses: ContentUse[];
}

class DocumentMinimizer implements MinimizedContents {
  readonly names = new Map<ContentUse, UsedNames>();
  readonly superseded = new Set<SourceObjectNumber>();
  repacked = 0;
  saved_bytes = 0;
  readonly #file: PdfFile;
  readonly #pages: readonly PageEntry[];
  readonly #changes: Changes;
  readonly #signal: AbortSignal;
  readonly #budget = new DecodingBudget();
  readonly #groups = new Map<string | ContentUse, Group>();
  /** Number of groups that have a stream as a part. */
  readonly #owners = new Map<SourceObjectNumber, number>();
  #left = MAX_TOTAL_BYTES;
  #bytesSinceYield = 0;

  constructor(
    file: PdfFile,
    pages: readonly PageEntry[],
    contents: readonly ContentUse[],
    { changes, signal }: Options,
  ) {
    this.#file = file;
    this.#pages = pages;
    this.#changes = changes;
    this.#signal = signal;
    for (const use of contents) this.#addToGroup(use);
    for (const { parts } of this.#groups.values())
      for (const num of new Set(parts.map((part) => part.num))) this.#owners.set(num, (this.#owners.get(num) ?? 0) + 1);
  }

  async minimizeAll(): Promise<void> {
    for (const group of this.#groups.values()) await this.#minimize(group);
  }

  async #yieldAfter(bytes: number): Promise<void> {
    this.#bytesSinceYield += bytes;
    if (this.#bytesSinceYield < YIELD_BYTES) return;
    this.#bytesSinceYield = 0;
    await yieldToEventLoop();
  }

  #addToGroup(use: ContentUse): void {
    const parts = this.#partsOf(use);
    const nums = parts.map(({ num }) => num);
    const isNumbered = use.num === NO_OBJECT && nums.every((num) => num !== NO_OBJECT);
    const key = isNumbered ? nums.join(' ') : use;
    const group = this.#groups.get(key);
    if (group) group.uses.push(use);
    else this.#groups.set(key, { parts, uses: [use] });
  }

  async #minimize({ parts, uses }: Group): Promise<void> {
    this.#signal.throwIfAborted();
    const decoded = await this.#decode(parts);
    if (!decoded) return;
    const names = new UsedNames();
    const minimal = minimizeContent(decoded, placementOf(uses), names);
    await this.#yieldAfter(decoded.reduce((sum, { length }) => sum + length, COST_OF_CONTENT));
    if (!minimal) return;
    for (const use of uses) this.names.set(use, names);
    if (this.#isRepeated(parts)) return;
    const encoded = parts.reduce((sum, { stream }) => sum + stream.data.length, 0);
    const data = await this.#smallest(minimal, decoded, parts, encoded);
    if (!data) return;
    this.repacked += 1;
    this.saved_bytes += encoded - data.length;
    this.#replace(uses, parts, data);
  }

  /** The streams of content, changed or not. A part that is missing draws nothing. */
  #partsOf({ num, pages }: ContentUse): Part[] {
    if (num !== NO_OBJECT) return this.#part(new PdfRef(num, 0));
    const page = this.#pages[(pages[0] ?? 0) - 1]?.num;
    const dict = page === undefined ? null : this.#changes.current(page);
    const contents = dict instanceof PdfDict ? this.#current(dict.get('Contents')).value : null;
    if (Array.isArray(contents)) return contents.flatMap((part) => this.#part(part));
    return dict instanceof PdfDict ? this.#part(dict.get('Contents')) : [];
  }

  #part(object: PdfObject | undefined): Part[] {
    const { num, value } = this.#current(object);
    return value instanceof PdfStream ? [{ num, stream: value }] : [];
  }

  #current(object: PdfObject | undefined): { num: SourceObjectNumber; value: PdfObject } {
    if (!(object instanceof PdfRef)) return { num: NO_OBJECT, value: object ?? null };
    const value = this.#changes.current(object.num);
    return value instanceof PdfRef ? { num: NO_OBJECT, value: this.#file.resolve(value) } : { num: object.num, value };
  }

  /** Decodes all parts. Undefined if one is damaged, too large or has a predictor. */
  async #decode(parts: readonly Part[]): Promise<Buffer[] | undefined> {
    const decoded: Buffer[] = [];
    for (const { stream } of parts) {
      const bytes = await this.#decodeStream(stream);
      if (!bytes || bytes.length > MAX_CONTENT_BYTES || bytes.length > this.#left) return undefined;
      this.#left -= bytes.length;
      decoded.push(bytes);
    }
    return decoded;
  }

  async #decodeStream(stream: PdfStream): Promise<Buffer | undefined> {
    const filters = this.#file.filters(stream.dict).filter(({ name }) => name !== 'Crypt');
    const isPlain = filters.every(({ name, parms }) => isLosslessFilter(name) && !parms?.has('Predictor'));
    if (!isPlain || stream.dict.has('F') || stream.data.length > MAX_CONTENT_BYTES) return undefined;
    let bytes: Buffer | undefined = this.#file.encoded(stream);
    try {
      for (const { name, parms } of filters) bytes &&= await decodeStrictly(name, bytes, this.#budget, parms);
    } catch {
      return undefined;
    }
    return bytes;
  }

  /** The minimal content, deflated, or undefined if the unchanged content is hardly larger. */
  async #smallest(
    minimal: Buffer,
    decoded: readonly Buffer[],
    [part, ...others]: readonly Part[],
    encoded: number,
  ): Promise<Buffer | undefined> {
    const [unchanged] = decoded;
    const isOnly = part !== undefined && unchanged !== undefined && others.length === 0;
    const isWell = isOnly && isDeflatedWell(this.#file.encoded(part.stream), this.#file.filters(part.stream.dict));
    if (isWell && minimal.length > unchanged.length * (1 - MIN_SAVING)) return undefined;
    const data = await deflateBest(minimal);
    if (data.length >= encoded) return undefined;
    if (!isOnly || unchanged.length > COMPARED_BYTES) return data;
    if (isWell && data.length < encoded * (1 - MAX_DEFLATE_GAIN)) return data;
    return (await deflateBest(unchanged)).length <= data.length ? undefined : data;
  }

  #isRepeated(parts: readonly Part[]): boolean {
    return parts.some(({ num, stream }) => this.#isShared(num) && stream.data.length > MAX_REPEATED_BYTES);
  }

  #isShared(num: SourceObjectNumber): boolean {
    return num === NO_OBJECT || (this.#owners.get(num) ?? 0) > 1;
  }

  #replace(uses: readonly ContentUse[], parts: readonly Part[], data: Buffer): void {
    const [only] = parts;
    if (only && parts.length === 1 && !this.#isShared(only.num)) {
      this.#changes.replace(only.num, new PdfStream(flateDict(only.stream.dict), data));
      return;
    }
    for (const { num } of parts) if (!this.#isShared(num)) this.superseded.add(num);
    const added = new PdfRef(this.#changes.add(new PdfStream(flateDict(new PdfDict()), data)), 0);
    for (const number of uses.flatMap(({ pages }) => pages)) {
      const page = this.#pages[number - 1]?.num;
      const dict = page === undefined ? null : this.#changes.current(page);
      if (page !== undefined && dict instanceof PdfDict)
        this.#changes.replace(page, new PdfDict(dict).set('Contents', added));
    }
  }
}

/** Where content with several uses is drawn. */
function placementOf(uses: readonly ContentUse[]): Placement {
  const reaches = uses.map(({ placement }) => placement.reach);
  const isKnown = reaches.every((reach) => reach !== undefined);
  return {
    points: Math.max(...uses.map(({ placement }) => placement.points)),
    reach: isKnown ? Math.max(...reaches) : undefined,
    isPage: uses.every(({ placement }) => placement.isPage),
  };
}

function flateDict(dict: PdfDict): PdfDict {
  const changed = new PdfDict(dict);
  setFilters(changed, FLATE);
  return changed;
}
