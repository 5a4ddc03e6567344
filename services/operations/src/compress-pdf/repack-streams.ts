import { forEachLimited } from '../concurrency.js';
import { MAX_STREAM_BYTES, PdfDict, PdfStream, checkDeclared, isName, setFilters } from '@pdf-tools/pdf';
import type { Filter, PdfFile, PdfObject, SourceObjectNumber } from '@pdf-tools/pdf';
import type { Changes } from './changes.js';
import { packMetadata } from './pack-metadata.js';
import { StreamPacker } from './packing.js';

/** The number of repacked streams and the bytes saved. */
export interface Repacked {
  readonly repacked: number;
  readonly saved_bytes: number;
}

interface Options {
  readonly signal: AbortSignal;
  readonly changes: Changes;
  /** Whether metadata must stay readable without inflating, as ISO 19005 and ISO 15930 require. */
  readonly plainMetadata: boolean;
  /** Called with the completed share of streams, 0 to 1. */
  readonly onShare: (share: number) => void;
}

/** Zlib has four threads, which images also use. */
const AT_A_TIME = 2;

/**
 * Packs streams again if that makes them smaller. Throws a `PdfError` for a stream that declares more than the limits allow.
 */
export async function repackStreams(
  file: PdfFile,
  streams: readonly SourceObjectNumber[],
  { signal, changes, plainMetadata, onShare }: Options,
): Promise<Repacked> {
  const packer = new StreamPacker();
  let [done, repacked, saved] = [0, 0, 0];
  await forEachLimited(streams, AT_A_TIME, async (num) => {
    signal.throwIfAborted();
    const stream = changes.current(num);
    if (stream instanceof PdfStream) checkDeclared(file, stream);
    const packed = stream instanceof PdfStream ? await repack(file, stream, packer, plainMetadata) : undefined;
    if (packed) {
      repacked += 1;
      saved += packed.saved;
      changes.replace(num, packed.stream);
    }
    done += 1;
    onShare(done / streams.length);
  });
  return { repacked, saved_bytes: saved };
}

async function repack(
  file: PdfFile,
  stream: PdfStream,
  packer: StreamPacker,
  plainMetadata: boolean,
): Promise<{ stream: PdfStream; saved: number } | undefined> {
  const { dict } = stream;
  if (dict.has('F') || Buffer.isBuffer(stream.data) || stream.data.length > MAX_STREAM_BYTES) return undefined;
  if (isName(file.resolve(dict.get('Type')), 'Metadata')) {
    const packed = await packMetadata(file, stream, plainMetadata);
    return packed && { stream: packed, saved: stream.data.length - packed.data.length };
  }
  const filters = readFilters(file, dict)?.filter(({ name }) => !file.isEncrypted || name !== 'Crypt');
  if (!filters) return undefined;
  const encoded = file.encoded(stream);
  const packed = await packer.pack(encoded, filters).catch((thrown: unknown) => {
    // The decoded size of an image is limited by its pixels, not by its bytes.
    if (isName(file.resolve(dict.get('Subtype')), 'Image')) return undefined;
    throw thrown;
  });
  if (!packed) return undefined;
  const changed = new PdfDict(dict);
  if (!areAlike(packed.filters, filters) || file.isEncrypted) setFilters(changed, packed.filters);
  return { stream: new PdfStream(changed, packed.data), saved: encoded.length - packed.data.length };
}

/** The filters with direct parameters. Undefined if an entry of /Filter is not a name. */
function readFilters(file: PdfFile, dict: PdfDict): Filter[] | undefined {
  const entry = file.resolve(dict.get('Filter'));
  const count = Array.isArray(entry) ? entry.length : entry === null ? 0 : 1;
  const filters = file.filters(dict);
  if (filters.length !== count) return undefined;
  return filters.map(({ name, parms }) => ({
    name,
    parms: parms && new PdfDict([...parms].map(([key, value]) => [key, directNumber(file, value)])),
  }));
}

/** References to streams are kept, because JBIG2Decode has its globals there. */
function directNumber(file: PdfFile, value: PdfObject): PdfObject {
  const direct = file.resolve(value);
  return typeof direct === 'number' ? direct : value;
}

/**
 * Whether the filters are the same. Their entries are kept then, because readers expect /DecodeParms to match /Filter.
 */
function areAlike(packed: readonly Filter[], filters: readonly Filter[]): boolean {
  return packed.length === filters.length && packed.every(({ name }, at) => filters[at]?.name === name);
}
