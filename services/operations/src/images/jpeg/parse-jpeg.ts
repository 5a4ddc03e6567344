import { corruptImage } from '../errors.js';
import { parseExif } from '../exif.js';
import type { ExifFacts } from '../exif.js';
import { MAX_JPEG_SCANS } from '../limits.js';
import { sensibleDpi } from '../resolution.js';
import type { Dpi } from '../resolution.js';

/** What the markers of a JPEG say (ITU-T T.81, annex B). */
export interface Jpeg {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly bitsPerComponent: number;
  /** The last four bits of the marker of the frame header, such as 0 for baseline and 2 for progressive. */
  readonly process: number;
  /** Whether it is a process of DCTDecode: baseline, extended or progressive, with Huffman coding. */
  readonly dctDecode: boolean;
  /** Identifiers of the components in the frame header. */
  readonly componentIds: readonly number[];
  readonly scans: number;
  /** Colour transform of Adobe's APP14. Undefined if there is no such marker. */
  readonly adobeTransform: number | undefined;
  readonly jfif: boolean;
  readonly exif: ExifFacts | undefined;
  readonly dpi: Dpi | undefined;
  readonly icc: Uint8Array | undefined;
  /** False if the file ends before the EOI marker. `parts` then end with one, and rows may be missing. */
  readonly ended: boolean;
  /** The bytes of the image from SOI to EOI, without EXIF, XMP, comments, thumbnails and the ICC profile. */
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
  frame?: Pick<Jpeg, 'width' | 'height' | 'components' | 'bitsPerComponent' | 'process' | 'dctDecode' | 'componentIds'>;
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
 * Walks all markers to the end of the image without decoding it. Bytes after that are ignored: further images, gain maps
 * and videos of phones. Throws an `InputError` (`corrupt_image`) if a segment is cut off, if the file has no image, or if
 * it has more scans than any encoder writes.
 */
export function parseJpeg(file: Uint8Array): Jpeg {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes[0] !== 0xff || bytes[1] !== SOI) throw corruptImage('has no JPEG header');
  const walk: Walk = { bytes, scanned: new Set(), scans: 0, jfif: false, icc: [], parts: [], keptFrom: 0 };
  let position = 2;
  for (;;) {
    const marker = nextMarker(bytes, position);
    if (!marker) return finishUnended(walk);
    if (marker.code === EOI) return finish(walk, marker.end, true);
    position = isParameterless(marker.code) ? marker.end : readSegment(walk, marker);
  }
}

/** Ends an image whose last scan has no EOI after it. Zeros after the scan are padding of the file. */
function finishUnended(walk: Walk): Jpeg {
  const { bytes } = walk;
  if (walk.scans === 0) throw cutOff();
  let end = bytes.length;
  while (bytes[end - 1] === 0 && bytes[end - 2] !== 0xff) end -= 1;
  while (bytes[end - 1] === 0xff) end -= 1;
  const jpeg = finish(walk, end, false);
  return { ...jpeg, parts: [...jpeg.parts, Uint8Array.of(0xff, EOI)] };
}

interface Marker {
  readonly code: number;
  readonly start: number;
  /** Position of the marker's parameters. */
  readonly end: number;
}

/** The next marker at or after a position: 0xFF, any number of fill bytes, a code other than 0 (T.81 B.1.1.2). */
function nextMarker(bytes: Buffer, from: number): Marker | undefined {
  let position = from;
  for (;;) {
    const start = bytes.indexOf(0xff, position);
    if (start < 0) return undefined;
    let at = start + 1;
    while (bytes[at] === 0xff) at += 1;
    const code = bytes[at];
    if (code === undefined) return undefined;
    if (code !== 0) return { code, start, end: at + 1 };
    position = at + 1;
  }
}

function isParameterless(code: number): boolean {
  return code === 0x01 || code === SOI || (code >= 0xd0 && code <= 0xd7);
}

/** Reads one marker segment. Returns the position from which to search for the next marker. */
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

/** SOF0 to SOF15 without the codes in between that have other meanings. */
function isFrameHeader(code: number): boolean {
  return code >= 0xc0 && code <= 0xcf && code !== DHT && code !== DAC && code !== 0xc8;
}

/** Reads the frame header (T.81 B.2.2). Only hierarchical JPEG has several, and DCTDecode does not have that. */
function readFrame(walk: Walk, code: number, body: Buffer): void {
  if (walk.frame) throw corruptImage('has more than one frame in its JPEG data');
  const count = body[5] ?? 0;
  if (count === 0 || body.length < 6 + 3 * count) throw corruptImage('has a damaged JPEG frame header');
  walk.frame = {
    bitsPerComponent: body.readUInt8(0),
    height: body.readUInt16BE(1),
    width: body.readUInt16BE(3),
    components: count,
    componentIds: Array.from({ length: count }, (_, index) => body.readUInt8(6 + 3 * index)),
    process: code & 0x0f,
    dctDecode: code <= 0xc2,
  };
}

/** Reads a scan header (T.81 B.2.3) and skips the data of the scan. */
function readScan(walk: Walk, body: Buffer, end: number): number {
  walk.scans += 1;
  if (walk.scans > MAX_JPEG_SCANS) {
    throw corruptImage(`has more than ${MAX_JPEG_SCANS} scans in its JPEG data, which no encoder writes`);
  }
  const count = body[0] ?? 0;
  for (let index = 0; index < count; index += 1) walk.scanned.add(body[1 + 2 * index] ?? -1);
  let marker = nextMarker(walk.bytes, end);
  while (marker && isParameterless(marker.code)) marker = nextMarker(walk.bytes, marker.end);
  return marker?.start ?? walk.bytes.length;
}

/** Reads what a page needs from an application segment. Returns whether to strip the segment. */
function isMetadata(walk: Walk, code: number, body: Buffer): boolean {
  if (code === APP0 && startsWith(body, 'JFIF\0')) return readJfif(walk, body);
  if (code === APP1 && startsWith(body, 'Exif\0')) walk.exif ??= parseExif(body.subarray(6));
  if (code === APP2 && startsWith(body, 'ICC_PROFILE\0')) walk.icc.push(body);
  if (code === APP14 && startsWith(body, 'Adobe')) return readAdobe(walk, body);
  return (code >= APP0 && code <= APP15) || code === COM;
}

/** The last byte says how colours are transformed (Adobe Technical Note 5116). Decoders need the segment. */
function readAdobe(walk: Walk, body: Buffer): boolean {
  if (body.length < 12) return true;
  walk.adobeTransform = body.readUInt8(11);
  return false;
}

/** Reads units and density (JFIF 1.02). A segment with a thumbnail is stripped. The first segment without one counts. */
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

function finish(walk: Walk, end: number, ended: boolean): Jpeg {
  const { frame } = walk;
  if (!frame || walk.scans === 0) throw corruptImage('has no image in its JPEG data');
  if (!frame.componentIds.every((id) => walk.scanned.has(id)))
    throw corruptImage('lacks a colour channel in its JPEG data');
  walk.parts.push(walk.bytes.subarray(walk.keptFrom, end));
  return {
    ...frame,
    scans: walk.scans,
    adobeTransform: walk.adobeTransform,
    jfif: walk.jfif,
    exif: walk.exif,
    dpi: walk.jfifDpi ?? walk.exif?.dpi,
    icc: joinProfile(walk.icc),
    ended,
    parts: walk.parts,
  };
}

/** Joins the chunks of a profile, which are numbered from 1 (ICC.1:2022, B.4). Undefined if one is missing. */
function joinProfile(segments: readonly Buffer[]): Uint8Array | undefined {
  const sorted = [...segments].filter((segment) => segment.length > 14).sort((a, b) => (a[12] ?? 0) - (b[12] ?? 0));
  const whole = sorted.every((segment, index) => segment[12] === index + 1 && segment[13] === sorted.length);
  return sorted.length > 0 && whole ? Buffer.concat(sorted.map((segment) => segment.subarray(14))) : undefined;
}

function startsWith(body: Buffer, text: string): boolean {
  return body.toString('latin1', 0, text.length) === text;
}

function cutOff(): Error {
  return corruptImage('is cut off: the end of its JPEG data is missing');
}
