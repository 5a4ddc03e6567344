/** Compression methods (APPNOTE 4.4.5). */
export const METHOD = { stored: 0, deflated: 8 } as const;

/** The fields of an entry's headers. */
export interface ZipEntry {
  readonly name: Buffer;
  readonly method: number;
  readonly crc: number;
  readonly bytes: number;
  /** Bytes of the data as the archive contains them. */
  readonly storedBytes: number;
  /** Offset of the local header. */
  readonly offset: number;
}

/** The fields of the end of the central directory. */
export interface DirectoryPlace {
  readonly entries: number;
  readonly bytes: number;
  readonly offset: number;
}

/** The largest values of fields of 16 and 32 bits. A field with this value means that ZIP64 fields have the real one. */
const [MAX_16, MAX_32] = [0xffff, 0xffff_ffff];
/** The version needed to extract, times ten. ZIP64 needs 4.5. */
const [VERSION, VERSION_ZIP64] = [20, 45];
const MADE_ON_UNIX = 3 << 8;
const UTF8_NAME = 1 << 11;
/** 1 January 1980, the earliest date of a ZIP. All entries have it, so that equal files give equal archives. */
const DATE = (1 << 5) | 1;
const REGULAR_FILE = 0o100644;
const ZIP64_FIELD = 1;

/** Returns the local file header (APPNOTE 4.3.7) with the name. Sizes from `zip64From` on are written with ZIP64. */
export function localHeader(entry: ZipEntry, zip64From = MAX_32): Buffer {
  const isLarge = Math.max(entry.bytes, entry.storedBytes) >= zip64From;
  const extra = isLarge ? zip64Field(entry.bytes, entry.storedBytes) : Buffer.alloc(0);
  const header = new Fields()
    .add32(0x04034b50)
    .add16(isLarge ? VERSION_ZIP64 : VERSION)
    .addCommon(entry, isLarge, extra);
  return Buffer.concat([header.bytes, entry.name, extra]);
}

/** Returns the header of an entry in the central directory (APPNOTE 4.3.12). */
export function directoryHeader(entry: ZipEntry, zip64From = MAX_32): Buffer {
  const isLarge = Math.max(entry.bytes, entry.storedBytes, entry.offset) >= zip64From;
  const extra = isLarge ? zip64Field(entry.bytes, entry.storedBytes, entry.offset) : Buffer.alloc(0);
  const version = isLarge ? VERSION_ZIP64 : VERSION;
  const header = new Fields()
    .add32(0x02014b50)
    .add16(MADE_ON_UNIX | version)
    .add16(version)
    .addCommon(entry, isLarge, extra)
    .add16(0)
    .add16(0)
    .add16(0)
    .add32(REGULAR_FILE * 0x1_0000)
    .add32(isLarge ? MAX_32 : entry.offset);
  return Buffer.concat([header.bytes, entry.name, extra]);
}

/** Returns the end of the central directory (APPNOTE 4.3.14 to 4.3.16). */
export function directoryEnd({ entries, bytes, offset }: DirectoryPlace, zip64From = MAX_32): Buffer {
  const isLarge = entries >= Math.min(MAX_16, zip64From) || Math.max(bytes, offset) >= zip64From;
  const end = new Fields();
  if (isLarge) {
    end
      .add32(0x06064b50)
      .add64(44)
      .add16(MADE_ON_UNIX | VERSION_ZIP64)
      .add16(VERSION_ZIP64)
      .add32(0)
      .add32(0);
    end.add64(entries).add64(entries).add64(bytes).add64(offset);
    end
      .add32(0x07064b50)
      .add32(0)
      .add64(offset + bytes)
      .add32(1);
  }
  const count = isLarge ? MAX_16 : entries;
  end.add32(0x06054b50).add16(0).add16(0).add16(count).add16(count);
  return end
    .add32(isLarge ? MAX_32 : bytes)
    .add32(isLarge ? MAX_32 : offset)
    .add16(0).bytes;
}

function zip64Field(...values: readonly number[]): Buffer {
  const field = new Fields().add16(ZIP64_FIELD).add16(8 * values.length);
  for (const value of values) field.add64(value);
  return field.bytes;
}

/** Collects the fields of a record. Numbers are little-endian. */
class Fields {
  readonly #bytes: number[] = [];

  add16(value: number): this {
    return this.#add(value, 2);
  }

  add32(value: number): this {
    return this.#add(value, 4);
  }

  add64(value: number): this {
    return this.#add(value, 8);
  }

  /** Adds the fields that both headers of an entry have, from the flags to the length of the extra field. */
  addCommon({ name, method, crc, bytes, storedBytes }: ZipEntry, isLarge: boolean, extra: Buffer): this {
    this.add16(UTF8_NAME).add16(method).add16(0).add16(DATE).add32(crc);
    this.add32(isLarge ? MAX_32 : storedBytes).add32(isLarge ? MAX_32 : bytes);
    return this.add16(name.length).add16(extra.length);
  }

  get bytes(): Buffer {
    return Buffer.from(this.#bytes);
  }

  #add(value: number, count: number): this {
    for (let byte = 0; byte < count; byte++) this.#bytes.push(Math.floor(value / 256 ** byte) % 256);
    return this;
  }
}
