import { corruptImage, unsupportedImage } from '../errors.js';
import { usableProfile } from '../icc.js';
import { MAX_PIXELS, checkPixels } from '../limits.js';
import { colorSpaceFor } from '../pdf-image.js';
import type { ColorSpace, ReadImage } from '../pdf-image.js';
import { sensibleDpi } from '../resolution.js';
import type { Dpi } from '../resolution.js';
import { findBox, readBoxes } from './boxes.js';
import type { Box } from './boxes.js';
import { readCodestream } from './codestream.js';
import type { Codestream } from './codestream.js';

const CODESTREAM_START = 0xff4f;
/** Enumerated colour spaces (ISO/IEC 15444-1, table I.10). */
const [SRGB, GRAY, SYCC, CMYK] = [16, 17, 18, 12];
const ENUMERATED_CHANNELS = new Map([
  [GRAY, 1],
  [SRGB, 3],
  [CMYK, 4],
]);
const [ENUMERATED, RESTRICTED_PROFILE] = [1, 2];
const RESERVED_TYPE = 65_535;

/** Returns the image of a JPEG 2000 file, whose data JPXDecode decodes (ISO 32000-2, 7.4.9). */
export function readJp2(file: Buffer): ReadImage {
  const isBare = file.readUInt16BE(0) === CODESTREAM_START;
  const boxes = isBare ? [] : readBoxes(file);
  const codestream = readCodestream(isBare ? file : contiguous(boxes));
  checkPixels(codestream.width, codestream.height, MAX_PIXELS);
  const header = findBox(boxes, 'jp2h');
  const headers = header ? readBoxes(header) : [];
  const color = isBare ? deviceColor(codestream.components) : declaredColor(headers, codestream);
  return {
    image: {
      width: codestream.width,
      height: codestream.height,
      bitsPerComponent: codestream.bits,
      colorSpace: color.colorSpace,
      filter: 'JPXDecode',
      ...(color.hasAlpha && { softMaskInData: 1 }),
      data: isBare ? wrap(file, codestream) : [file],
    },
    orientation: 1,
    dpi: resolutionOf(headers),
  };
}

function contiguous(boxes: readonly Box[]): Buffer {
  const codestream = findBox(boxes, 'jp2c');
  if (!codestream) throw corruptImage('has no image in its JPEG 2000 data');
  return codestream;
}

interface Color {
  /** Undefined if the data declare it. */
  readonly colorSpace: ColorSpace | undefined;
  readonly hasAlpha: boolean;
}

function deviceColor(components: number): Color {
  if (components !== 1 && components !== 3 && components !== 4)
    throw unsupportedImage('JPEG 2000', `${components} components`);
  return { colorSpace: colorSpaceFor(components, undefined), hasAlpha: false };
}

/** The colour of the boxes. A palette and YCC are left to the viewer, because PDF has no colour space for them. */
function declaredColor(headers: readonly Box[], { components }: Codestream): Color {
  const hasAlpha = alphaIn(findBox(headers, 'cdef'));
  const colr = findBox(headers, 'colr');
  const channels = components - (hasAlpha ? 1 : 0);
  if (findBox(headers, 'pclr') || !colr) return { colorSpace: undefined, hasAlpha };
  if (channels !== 1 && channels !== 3 && channels !== 4)
    throw unsupportedImage('JPEG 2000', `${channels} colour channels`);
  if (colr[0] === ENUMERATED && colr.length >= 7)
    return { colorSpace: enumeratedSpace(colr.readUInt32BE(3), channels), hasAlpha };
  const profile = colr[0] === RESTRICTED_PROFILE ? colr.subarray(3) : undefined;
  return { colorSpace: colorSpaceFor(channels, usableProfile(profile, channels)), hasAlpha };
}

/** The device space of an enumerated colour space. Undefined for YCC. */
function enumeratedSpace(space: number, channels: 1 | 3 | 4): ColorSpace | undefined {
  if (space === SYCC) return undefined;
  if (ENUMERATED_CHANNELS.get(space) !== channels) throw unsupportedImage('JPEG 2000', `the colour space ${space}`);
  return colorSpaceFor(channels, undefined);
}

/** Whether the channel definition box names an opacity channel (ISO/IEC 15444-1, I.5.3.6). */
function alphaIn(definitions: Buffer | undefined): boolean {
  if (!definitions) return false;
  for (let at = 2; at + 6 <= definitions.length; at += 6) {
    const type = definitions.readUInt16BE(at + 2);
    if (type !== 0 && type !== RESERVED_TYPE) return true;
  }
  return false;
}

/** The capture or display resolution in points per metre (ISO/IEC 15444-1, I.5.3.7). */
function resolutionOf(headers: readonly Box[]): Dpi | undefined {
  const res = findBox(headers, 'res ');
  const boxes = res ? readBoxes(res) : [];
  const body = findBox(boxes, 'resd') ?? findBox(boxes, 'resc');
  if (!body || body.length < 10) return undefined;
  const perInch = (at: number, exponent: number): number =>
    (body.readUInt16BE(at) / body.readUInt16BE(at + 2)) * 10 ** body.readInt8(exponent) * 0.0254;
  return sensibleDpi(perInch(4, 9), perInch(0, 8));
}

/** Puts a codestream into the boxes of a JP2 file, because PDF does not allow it without them. */
function wrap(codestream: Buffer, { width, height, components, bits }: Codestream): Buffer[] {
  const size = Buffer.alloc(14);
  size.writeUInt32BE(height, 0);
  size.writeUInt32BE(width, 4);
  size.writeUInt16BE(components, 8);
  size.writeUInt8(bits - 1, 10);
  size.writeUInt8(7, 11);
  const space = components === 1 ? GRAY : components === 3 ? SRGB : CMYK;
  const header = Buffer.concat([box('ihdr', size), box('colr', Buffer.of(ENUMERATED, 0, 0, 0, 0, 0, space))]);
  return [
    box('jP  ', Buffer.of(0x0d, 0x0a, 0x87, 0x0a)),
    box('ftyp', Buffer.from('jp2 \0\0\0\0jp2 ', 'latin1')),
    box('jp2h', header),
    box('jp2c', codestream),
  ];
}

function box(type: string, body: Buffer): Buffer {
  const start = Buffer.alloc(8);
  start.writeUInt32BE(body.length + 8, 0);
  start.write(type, 4, 'latin1');
  return Buffer.concat([start, body]);
}
