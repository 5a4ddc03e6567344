import { createRequire } from 'node:module';
import { readJpxHeader } from './jpx-header.js';
import type { JpxHeader } from './jpx-header.js';
import type { ImageHeader, Refusal } from './image-header.js';
import { DEVICE_GRAY, DEVICE_RGB } from './sample-space.js';
import type { SampleSpace } from './sample-space.js';
import type { Samples } from './samples.js';

/** The decoder takes about a second for a megabyte, and holds each sample in four bytes. */
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_PIXELS = 24_000_000;
/** Enumerated colour spaces (ISO/IEC 15444-1, table I.10). */
const [SRGB, GRAYSCALE] = [16, 17];

/** The part of OpenJPEG's interface that is used. */
interface Decoder {
  getEncodedBuffer(bytes: number): Uint8Array;
  decode(): void;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): { width: number; height: number; componentCount: number; bitsPerSample: number; isSigned: boolean };
}
type LoadOpenJpeg = (options: {
  print: () => void;
  printErr: () => void;
}) => Promise<{ readonly J2KDecoder: new () => Decoder }>;

/** Decodes JPXDecode (ISO 32000-2, 7.4.9) with OpenJPEG. The space is that of the data if the dictionary has none. */
export async function decodeJpx(
  data: Buffer,
  header: ImageHeader,
): Promise<{ samples: Samples; space: SampleSpace } | Refusal> {
  const jpx = readJpxHeader(data);
  const space = header.space ?? ownSpace(jpx);
  const reason = refuse(data, header, jpx, space);
  if (reason !== undefined || !space) return { reason: reason ?? 'colour space' };
  const { width, height } = header;
  // Its memory never shrinks, so that each image gets a decoder of its own.
  const load = createRequire(import.meta.url)('@cornerstonejs/codec-openjpeg/decodewasmjs') as LoadOpenJpeg;
  const { J2KDecoder } = await load({ print: ignore, printErr: ignore });
  const decoder = new J2KDecoder();
  decoder.getEncodedBuffer(data.length).set(data);
  decoder.decode();
  const frame = decoder.getFrameInfo();
  const isAsSaid = frame.width === width && frame.height === height && frame.componentCount === space.components;
  const decoded = decoder.getDecodedBuffer();
  if (!isAsSaid || decoded.length < width * height * space.components) return { reason: 'cannot be decoded' };
  return { samples: { width, height, channels: space.components, data: Buffer.from(decoded) }, space };
}

function ignore(): void {
  // OpenJPEG reports each tile.
}

function refuse(
  data: Buffer,
  header: ImageHeader,
  { width, height, bits, isMapped }: JpxHeader,
  space: SampleSpace | undefined,
): string | undefined {
  if (width !== header.width || height !== header.height) return 'JPX data';
  if (data.length > MAX_BYTES || width * height > MAX_PIXELS) return 'too many pixels';
  if (isMapped || header.decode !== 'default') return 'channels of JPX data';
  if (!space || space.family === 'indexed' || bits.length !== space.components) return 'colour space';
  return bits.every((count) => count === 8) ? undefined : 'bits per component';
}

/** The space of data that the dictionary does not describe (7.4.9). A bare codestream is taken by its components. */
function ownSpace({ colorSpace, bits }: JpxHeader): SampleSpace | undefined {
  if (bits.length === 1 && (colorSpace ?? GRAYSCALE) === GRAYSCALE) return DEVICE_GRAY;
  return bits.length === 3 && (colorSpace ?? SRGB) === SRGB ? DEVICE_RGB : undefined;
}
