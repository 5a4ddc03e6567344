import { buffer } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';

/** An entry of a ZIP file. */
export interface ZipEntry {
  readonly name: string;
  readonly bytes: Buffer;
  /** 0 is stored, 8 is deflated. */
  readonly method: number;
  /** Whether the name is marked as UTF-8. */
  readonly isUtf8: boolean;
  /** Whether the sizes are in front of the data. */
  readonly hasSizesFirst: boolean;
}

/** Flags of an entry: sizes after the data, and a name in UTF-8 (APPNOTE 4.4.4). */
const [SIZES_LATER, UTF8] = [1 << 3, 1 << 11];

/** Reads all entries of a ZIP file with a reader that checks names and checksums. */
export async function readZip(file: Buffer): Promise<ZipEntry[]> {
  const zip = await fromBufferPromise(file, { lazyEntries: true, strictFileNames: true });
  const entries: ZipEntry[] = [];
  for await (const entry of zip.eachEntry())
    entries.push({
      name: entry.fileName,
      bytes: await buffer(await zip.openReadStreamPromise(entry)),
      method: entry.compressionMethod,
      isUtf8: (entry.generalPurposeBitFlag & UTF8) !== 0,
      hasSizesFirst: (entry.generalPurposeBitFlag & SIZES_LATER) === 0,
    });
  return entries;
}
