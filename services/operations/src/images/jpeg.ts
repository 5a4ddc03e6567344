import { InputError } from '../input-error.js';
import { parseExif } from './exif.js';
import type { ExifFacts } from './exif.js';
import { MAX_JPEG_SCANS } from './limits.js';
import { sensibleDpi } from './resolution.js';
import type { Dpi } from './resolution.js';

/** What the markers of a JPEG say (ITU-T T.81, annex B). */
export interface Jpeg {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly bitsPerComponent: number;
  /** True for the Huffman-coded processes that DCTDecode knows: baseline, extended and progressive. */
  readonly dctDecode: boolean;
  /** Identifiers of the components in the frame header. */
  readonly componentIds: readonly number[];
  readonly scans: number;
  /** Colour transform of Adobe's APP14; undefined where there is no such marker. */
  readonly adobeTransform: number | undefined;
  readonly jfif: boolean;
  readonly exif: ExifFacts | undefined;
  readonly dpi: Dpi | undefined;
  readonly icc: Uint8Array | undefined;
  /** The picture's own bytes in order, from SOI to EOI, without EXIF, XMP, comments, thumbnails and the ICC profile. */
  readonly parts: readonly Uint8Array[];
}

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const DHT = 0xc4;
const DAC = 0xcc;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP2 = 0xe2;
const APP14 = 0xee;
const APP15 = 0xef;
const COM = 0xfe;

interface Walk {
  readonly bytes: Buffer;
  frame?: Pick<Jpeg, 'width' | 'height' | 'components' | 'bitsPerComponent' | 'dctDecode' | 'componentIds'>;
  readonly scanned: Set<number>;
  scans: number;
  adobeTransform?: number;
  jfif: boolean;
  jfifDpi?: Dpi | undefined;
  exif?: ExifFacts;
  readonly icc: Buffer[];
  readonly parts: Uint8Array[];
  keptFrom: number;
}

/**
 * Walks all markers to the end of the image without decoding it. Throws a `InputError` (`corrupt_image`) where the file is
 * cut off, has no picture, or has more scans than any honest encoder writes.
 */
export function parseJpeg(file: Uint8Array): Jpeg {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes[0] !== 0xff || bytes[1] !== SOI) throw corrupt('has no JPEG header');
  const walk: Walk = { bytes, scanned: new Set(), scans: 0, jfif: false, icc: [], parts: [], keptFrom: 0 };
  let position = 2;
  for (;;) {
    const marker = nextMarker(bytes, position);
    if (marker.code === EOI) return finish(walk, marker.end);
    position = isParameterless(marker.code) ? marker.end : readSegment(walk, marker);
  }
}

interface Marker {
  readonly code: number;
  readonly start: number;
  /** Where the marker's parameters begin. */
  readonly end: number;
}

/** The next marker at or after a position: 0xFF, any number of fill bytes, a code other than 0 (T.81 B.1.1.2). */
function nextMarker(bytes: Buffer, from: number): Marker {
  let position = from;
  for (;;) {
    const start = bytes.indexOf(0xff, position);
    if (start < 0) throw cutOff();
    let at = start + 1;
    while (bytes[at] === 0xff) at += 1;
    const code = bytes[at];
    if (code === undefined) throw cutOff();
    if (code !== 0) return { code, start, end: at + 1 };
    position = at + 1;
  }
}

function isParameterless(code: number): boolean {
  return code === 0x01 || code === SOI || (code >= 0xd0 && code <= 0xd7);
}

/** Reads one marker segment and returns where the next marker may be: after the entropy-coded data of a scan. */
function readSegment(walk: Walk, marker: Marker): number {
  const { bytes } = walk;
  const length = marker.end + 2 <= bytes.length ? bytes.readUInt16BE(marker.end) : 0;
  const end = marker.end + length;
  if (length < 2 || end > bytes.length) throw cutOff();
  const body = bytes.subarray(marker.end + 2, end);
  if (isFrameHeader(marker.code)) readFrame(walk, marker.code, body);
  else if (marker.code === SOS) return readScan(walk, body, end);
  else if (isMetadata(walk, marker.code, body)) drop(walk, marker.start, end);
  return end;
}

/** SOF0 to SOF15 without the codes in between that mean something else. */
function isFrameHeader(code: number): boolean {
  return code >= 0xc0 && code <= 0xcf && code !== DHT && code !== DAC && code !== 0xc8;
}

/** T.81 B.2.2. Only the first frame counts: hierarchical JPEG, which has several, is not DCTDecode's anyway. */
function readFrame(walk: Walk, code: number, body: Buffer): void {
  if (walk.frame) throw corrupt('has more than one frame in its JPEG data');
  const count = body[5] ?? 0;
  if (body.length < 6 + 3 * count) throw corrupt('has a damaged JPEG frame header');
  walk.frame = {
    bitsPerComponent: body.readUInt8(0),
    height: body.readUInt16BE(1),
    width: body.readUInt16BE(3),
    components: count,
    componentIds: Array.from({ length: count }, (_, index) => body.readUInt8(6 + 3 * index)),
    dctDecode: code <= 0xc2,
  };
}

/** T.81 B.2.3: counts the scan, notes its components and skips to the marker after its data. */
function readScan(walk: Walk, body: Buffer, end: number): number {
  walk.scans += 1;
  if (walk.scans > MAX_JPEG_SCANS) {
    throw corrupt(`has more than ${MAX_JPEG_SCANS} scans in its JPEG data, which no honest encoder writes`);
  }
  const count = body[0] ?? 0;
  for (let index = 0; index < count; index += 1) walk.scanned.add(body[1 + 2 * index] ?? -1);
  let marker = nextMarker(walk.bytes, end);
  while (isParameterless(marker.code)) marker = nextMarker(walk.bytes, marker.end);
  return marker.start;
}

/** Takes what the page needs from application segments and says whether the segment is to be left behind. */
function isMetadata(walk: Walk, code: number, body: Buffer): boolean {
  if (code === APP0 && startsWith(body, 'JFIF\0')) return readJfif(walk, body);
  if (code === APP1 && startsWith(body, 'Exif\0')) walk.exif ??= parseExif(body.subarray(6));
  if (code === APP2 && startsWith(body, 'ICC_PROFILE\0')) walk.icc.push(body);
  if (code === APP14 && startsWith(body, 'Adobe')) return readAdobe(walk, body);
  return (code >= APP0 && code <= APP15) || code === COM;
}

/** Adobe Technical Note 5116: the last byte says how colours are transformed. Decoders need it, so it stays. */
function readAdobe(walk: Walk, body: Buffer): boolean {
  if (body.length < 12) return true;
  walk.adobeTransform = body.readUInt8(11);
  return false;
}

/** JFIF 1.02: units, density, then a thumbnail that would go with the rest. The first such segment counts. */
function readJfif(walk: Walk, body: Buffer): boolean {
  if (walk.jfif || body.length < 14 || body.readUInt8(12) * body.readUInt8(13) > 0) return true;
  walk.jfif = true;
  const unit = body.readUInt8(7);
  const perInch = unit === 2 ? 2.54 : 1;
  if (unit === 1 || unit === 2) {
    walk.jfifDpi = sensibleDpi(body.readUInt16BE(8) * perInch, body.readUInt16BE(10) * perInch);
  }
  return false;
}

function drop(walk: Walk, start: number, end: number): void {
  if (start > walk.keptFrom) walk.parts.push(walk.bytes.subarray(walk.keptFrom, start));
  walk.keptFrom = end;
}

function finish(walk: Walk, end: number): Jpeg {
  const { frame } = walk;
  if (!frame || walk.scans === 0) throw corrupt('has no picture in its JPEG data');
  if (!frame.componentIds.every((id) => walk.scanned.has(id))) throw corrupt('lacks a colour channel in its JPEG data');
  walk.parts.push(walk.bytes.subarray(walk.keptFrom, end));
  return {
    ...frame,
    scans: walk.scans,
    adobeTransform: walk.adobeTransform,
    jfif: walk.jfif,
    exif: walk.exif,
    dpi: walk.jfifDpi ?? walk.exif?.dpi,
    icc: joinProfile(walk.icc),
    parts: walk.parts,
  };
}

/** ICC.1:2022 B.4: chunks numbered from 1, each with the count of all. Undefined where one is missing. */
function joinProfile(segments: readonly Buffer[]): Uint8Array | undefined {
  const sorted = [...segments].filter((segment) => segment.length > 14).sort((a, b) => (a[12] ?? 0) - (b[12] ?? 0));
  const whole = sorted.every((segment, index) => segment[12] === index + 1 && segment[13] === sorted.length);
  return sorted.length > 0 && whole ? Buffer.concat(sorted.map((segment) => segment.subarray(14))) : undefined;
}

function startsWith(body: Buffer, text: string): boolean {
  return body.toString('latin1', 0, text.length) === text;
}

function corrupt(message: string): InputError {
  return new InputError('corrupt_image', message);
}

function cutOff(): InputError {
  return corrupt('is cut off: the end of its JPEG data is missing');
}
