/** An entry of a directory: tag, type, and its values. */
export type TiffEntry = readonly [tag: number, type: 'byte' | 'short' | 'long' | 'rational', values: readonly number[]];

/** A page of a TIFF: its entries without those of the strips or tiles, and the bytes of these. */
export interface TiffPageSource {
  readonly entries: readonly TiffEntry[];
  readonly blocks: readonly Uint8Array[];
}

/** What `tiffEntries` describes. */
export interface TiffLayout {
  readonly samples: number;
  readonly bits: number;
  readonly photometric: number;
  readonly compression?: number;
  /** All rows by default. */
  readonly rowsPerStrip?: number;
  readonly extra?: readonly TiffEntry[];
}

/** Returns the entries that every page has, and others. */
export function tiffEntries({
  width,
  height,
  samples,
  bits,
  photometric,
  compression = 1,
  rowsPerStrip = height,
  extra = [],
}: TiffLayout & { readonly width: number; readonly height: number }): TiffEntry[] {
  return [
    [256, 'short', [width]],
    [257, 'short', [height]],
    [258, 'short', Array.from({ length: samples }, () => bits)],
    [259, 'short', [compression]],
    [262, 'short', [photometric]],
    [277, 'short', [samples]],
    [278, 'short', [rowsPerStrip]],
    ...extra,
  ];
}

interface Options {
  readonly little?: boolean;
}

const TYPES = { byte: [1, 1], short: [3, 2], long: [4, 4], rational: [5, 8] } as const;
const [TILE_WIDTH, STRIP_OFFSETS, STRIP_BYTES, TILE_OFFSETS, TILE_BYTES] = [322, 273, 279, 324, 325];
const ENTRY_BYTES = 12;

/** Returns a TIFF with the given pages (TIFF 6.0, section 2). For tests. */
export function writeTiff(pages: readonly TiffPageSource[], { little = true }: Options = {}): Buffer {
  const file = new TiffFile(little);
  const directories = pages.map((page) => file.addPage(page));
  return file.finish(directories);
}

interface Directory {
  readonly bytes: Buffer;
  readonly start: number;
}

class TiffFile {
  readonly #little: boolean;
  readonly #header = Buffer.alloc(8);
  readonly #parts: Buffer[] = [this.#header];
  #length = 8;

  constructor(little: boolean) {
    this.#little = little;
    this.#header.write(little ? 'II' : 'MM', 'latin1');
    writeNumber(this.#header, 2, [42, 2, little]);
  }

  addPage({ entries, blocks }: TiffPageSource): Directory {
    const tiled = entries.some(([tag]) => tag === TILE_WIDTH);
    const offsets = blocks.map((block) => this.#append(Buffer.from(block)));
    const all: TiffEntry[] = [
      ...entries,
      [tiled ? TILE_OFFSETS : STRIP_OFFSETS, 'long', offsets],
      [tiled ? TILE_BYTES : STRIP_BYTES, 'long', blocks.map((block) => block.length)],
    ];
    all.sort(([left], [right]) => left - right);
    const bytes = Buffer.alloc(2 + ENTRY_BYTES * all.length + 4);
    writeNumber(bytes, 0, [all.length, 2, this.#little]);
    for (const [index, entry] of all.entries()) this.#writeEntry(bytes, 2 + ENTRY_BYTES * index, entry);
    return { bytes, start: this.#append(bytes) };
  }

  /** Links the directories. */
  finish(directories: readonly Directory[]): Buffer {
    writeNumber(this.#header, 4, [directories[0]?.start ?? 0, 4, this.#little]);
    for (const [page, { bytes }] of directories.entries())
      writeNumber(bytes, bytes.length - 4, [directories[page + 1]?.start ?? 0, 4, this.#little]);
    return Buffer.concat(this.#parts);
  }

  #writeEntry(directory: Buffer, at: number, [tag, type, values]: TiffEntry): void {
    const [code, size] = TYPES[type];
    const bytes = Buffer.concat(values.map((value) => encode(value, type, this.#little)));
    writeNumber(directory, at, [tag, 2, this.#little]);
    writeNumber(directory, at + 2, [code, 2, this.#little]);
    writeNumber(directory, at + 4, [bytes.length / size, 4, this.#little]);
    if (bytes.length <= 4) bytes.copy(directory, at + 8);
    else writeNumber(directory, at + 8, [this.#append(bytes), 4, this.#little]);
  }

  /** Appends bytes at an even position and returns that position. */
  #append(bytes: Buffer): number {
    const padding = this.#length % 2;
    this.#parts.push(Buffer.alloc(padding), bytes);
    this.#length += padding + bytes.length;
    return this.#length - bytes.length;
  }
}

function encode(value: number, type: TiffEntry[1], little: boolean): Buffer {
  const bytes = Buffer.alloc(TYPES[type][1]);
  if (type !== 'rational') writeNumber(bytes, 0, [value, bytes.length, little]);
  else {
    writeNumber(bytes, 0, [Math.round(value * 1000), 4, little]);
    writeNumber(bytes, 4, [1000, 4, little]);
  }
  return bytes;
}

function writeNumber(bytes: Buffer, at: number, [value, size, little]: readonly [number, number, boolean]): void {
  if (little) bytes.writeUIntLE(value, at, size);
  else bytes.writeUIntBE(value, at, size);
}
