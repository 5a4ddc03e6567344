import { Script } from 'node:vm';
import { PdfStream, rowBytes } from '@pdf-tools/pdf';
import type { Filter, PdfFile } from '@pdf-tools/pdf';
import type { Decoded } from './decode-image.js';
import type { ImageHeader, Refusal } from './image-header.js';
import { hasSymbols, isSupportedPage, readSegments } from './jbig2-segments.js';
import { invertedBytes } from './samples.js';

/** Coded sizes of symbols are not known before they are decoded, so a time limit stops a decompression bomb. */
const MAX_DECODING_MS = 20_000;

interface Source {
  readonly file: PdfFile;
  readonly header: ImageHeader;
  /** Whether to decode images that no lossless encoding makes smaller. */
  readonly decodesSymbols: boolean;
}

/** Decodes JBIG2Decode (ISO 32000-2, 7.4.7) with pdf.js. Returns a refusal for what readers do not draw alike. */
export async function decodeJbig2(
  bytes: Buffer,
  { parms }: Filter,
  { file, header: { width, height }, decodesSymbols }: Source,
): Promise<Decoded | Refusal> {
  const globals = readGlobals(file, parms?.get('JBIG2Globals'));
  if (!globals) return { reason: 'filter parameters' };
  const chunks = [...globals, bytes].map((data) => ({ data, segments: readSegments(data) }));
  const segments = chunks.flatMap((chunk) => chunk.segments.list);
  if (!isSupportedPage(segments, { width, height })) return { reason: 'JBIG2 segments' };
  if (hasSymbols(segments) && !decodesSymbols) return { reason: 'would not get smaller' };
  const { Jbig2Image, VerbosityLevel, setVerbosityLevel } =
    await import('pdfjs-dist/image_decoders/pdf.image_decoders.mjs');
  setVerbosityLevel(VerbosityLevel.ERRORS);
  const parts = chunks.map(({ data, segments: { end } }) => ({ data, start: 0, end }));
  const black = withTimeLimit(() => new Jbig2Image().parseChunks(parts));
  if (black.length !== rowBytes(width) * height) return { reason: 'cannot be decoded' };
  return { bilevel: { width, height, packed: invertedBytes(black) } };
}

/** The segments that images share, or no part if no segments are shared. Undefined if they cannot be read. */
function readGlobals(file: PdfFile, entry: Parameters<PdfFile['resolve']>[0]): Buffer[] | undefined {
  const stream = file.resolve(entry);
  if (stream === null) return [];
  if (!(stream instanceof PdfStream)) return undefined;
  const { bytes, left } = file.decoded(stream);
  return left.length === 0 ? [bytes] : undefined;
}

/** Runs a synchronous function. Throws if it takes too long, as only the `vm` module can stop it. */
function withTimeLimit<T>(run: () => T): T {
  const sandbox: { readonly run: () => void; result?: T } = {
    run: () => {
      sandbox.result = run();
    },
  };
  new Script('run()').runInNewContext(sandbox, { timeout: MAX_DECODING_MS });
  if (sandbox.result === undefined) throw new RangeError('Nothing was decoded.');
  return sandbox.result;
}
