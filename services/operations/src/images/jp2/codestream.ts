import { corruptImage, unsupportedImage } from '../errors.js';

/** What the SIZ marker of a codestream says (ISO/IEC 15444-1, A.5.1). */
export interface Codestream {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly bits: number;
  /** Whether components other than the first have fewer samples. */
  readonly subsampled: boolean;
}

const SIZ = 0xff51;
const COMPONENTS_AT = 40;
const END_OF_CODESTREAM = Buffer.of(0xff, 0xd9);

/** Reads the header of a codestream. Throws an `InputError` if it is cut off, or if its components differ in depth. */
export function readCodestream(bytes: Buffer): Codestream {
  if (bytes.length < COMPONENTS_AT + 5 || bytes.readUInt16BE(2) !== SIZ)
    throw corruptImage('has no image in its JPEG 2000 data');
  const width = bytes.readUInt32BE(8) - bytes.readUInt32BE(16);
  const height = bytes.readUInt32BE(12) - bytes.readUInt32BE(20);
  const components = bytes.readUInt16BE(COMPONENTS_AT);
  const headers = bytes.subarray(COMPONENTS_AT + 2, COMPONENTS_AT + 2 + 3 * components);
  if (components < 1 || headers.length < 3 * components) throw corruptImage('has damaged JPEG 2000 data');
  if (!bytes.includes(END_OF_CODESTREAM, -Math.min(bytes.length, 1024)))
    throw corruptImage('is cut off: the end of its JPEG 2000 data is missing');
  const [depth = 0] = headers;
  const bits = (depth & 0x7f) + 1;
  if (headers.some((value, at) => at % 3 === 0 && value !== depth))
    throw unsupportedImage('JPEG 2000', 'components of different depths');
  if (depth >= 0x80 || bits > 16) throw unsupportedImage('JPEG 2000', `signed samples or samples of ${bits} bits`);
  return { width, height, components, bits, subsampled: headers.some((value, at) => at % 3 !== 0 && value !== 1) };
}
