import { createHash } from 'node:crypto';
import { deflate } from '../filters/deflate.js';
import { ObjectDeduplicator } from './object-deduplicator.js';
import { PdfDict, PdfName, PdfString, TargetRef } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import { serialize, TARGET_NUMBERS } from '../syntax/serializer.js';
import type { PdfWriter } from './pdf-writer.js';

/** Three numbers of a CIE-based colour space: of X, Y and Z, or of A, B and C. */
type Triple = readonly [number, number, number];

/** Colour spaces of images (ISO 32000-2, 8.6). The white point is that of the XYZ values, with a Y of 1. */
export type ColorSpace =
  | { readonly kind: 'DeviceGray' | 'DeviceRGB' | 'DeviceCMYK' }
  | { readonly kind: 'CalGray'; readonly whitePoint: Triple; readonly gamma: number }
  | {
      readonly kind: 'CalRGB';
      readonly whitePoint: Triple;
      readonly gamma: Triple;
      /** XYZ of full red, green and blue. */
      readonly matrix: readonly [Triple, Triple, Triple];
    }
  | { readonly kind: 'Lab'; readonly whitePoint: Triple; readonly range: readonly [number, number, number, number] }
  | { readonly kind: 'Indexed'; readonly base: ColorSpace; readonly palette: Uint8Array }
  | { readonly kind: 'ICCBased'; readonly components: 1 | 3 | 4; readonly profile: Uint8Array };

/** PNG predictors of a Flate stream (ISO 32000-2, table 8): the layout of the rows before filtering. */
interface PngPredictor {
  readonly colors: number;
  readonly bitsPerComponent: number;
  readonly columns: number;
}

/** The parameters of CCITTFaxDecode other than the size of the image (ISO 32000-2, table 11). */
export interface CcittParams {
  /** Negative for Group 4, 0 for Group 3 in one dimension, positive for Group 3 in two. */
  readonly k: -1 | 0 | 1;
  readonly blackIs1?: boolean;
  readonly encodedByteAlign?: boolean;
  /** False if the data have no code at their end. */
  readonly endOfBlock?: boolean;
}

/** The contents of an image XObject (ISO 32000-2, table 87). `data` is the encoded stream in parts. */
export interface PdfImage {
  readonly width: number;
  readonly height: number;
  readonly bitsPerComponent: number;
  /** Undefined if the JPEG 2000 data declare it. */
  readonly colorSpace: ColorSpace | undefined;
  readonly filter: 'DCTDecode' | 'FlateDecode' | 'CCITTFaxDecode' | 'JBIG2Decode' | 'JPXDecode';
  readonly data: readonly Uint8Array[];
  readonly decode?: readonly number[];
  readonly predictor?: PngPredictor;
  /** Required for CCITTFaxDecode. */
  readonly ccitt?: CcittParams;
  /** DCTDecode's ColorTransform, if the JPEG does not declare that it contains RGB. */
  readonly colorTransform?: 0;
  readonly softMask?: PdfImage;
  /** JPXDecode's SMaskInData, if the JPEG 2000 data have an alpha channel. */
  readonly softMaskInData?: 1;
}

/** PNG predictors that each row selects. */
const ANY_PNG_PREDICTOR = 15;

/** Samples of the data of an image that has no equal, for the file's identifier. */
const SAMPLES = 64;
const SAMPLE_BYTES = 256;
/** One more, because the number of samples is rounded up. */
const samples = Buffer.alloc((SAMPLES + 1) * SAMPLE_BYTES);

interface WriteOptions {
  /** Whether the caller knows that no other image of the document is equal, which saves hashing the data. */
  readonly isUnique?: boolean;
}

/** Writes images into a document. Each colour profile is written once. */
export class ImageWriter {
  readonly #writer: PdfWriter;
  readonly #deduplicator: ObjectDeduplicator | undefined;
  readonly #profiles = new Map<string, TargetRef>();

  /** With `deduplicator`, an image equal to a stream of the document is not written again. */
  constructor(writer: PdfWriter, deduplicator?: ObjectDeduplicator) {
    this.#writer = writer;
    this.#deduplicator = deduplicator;
  }

  /** Writes an image XObject after its soft mask and profile. */
  write(image: PdfImage, { isUnique = false }: WriteOptions = {}): TargetRef {
    const softMask = image.softMask && this.write(image.softMask, { isUnique });
    const dict = PdfDict.of({
      Type: new PdfName('XObject'),
      Subtype: new PdfName('Image'),
      Width: image.width,
      Height: image.height,
      BitsPerComponent: image.bitsPerComponent,
      ColorSpace: image.colorSpace && this.#colorSpace(image.colorSpace),
      Filter: new PdfName(image.filter),
      DecodeParms: decodeParms(image),
      Decode: image.decode && [...image.decode],
      SMask: softMask,
      SMaskInData: image.softMaskInData,
    });
    return this.#stream(dict, image.data.map(asBuffer), isUnique);
  }

  #stream(dict: PdfDict, parts: readonly Buffer[], isUnique: boolean): TargetRef {
    const writer = this.#writer;
    const data = writer.encrypts ? [writer.encrypt(Buffer.concat(parts))] : parts;
    dict.set(
      'Length',
      data.reduce((sum, { length }) => sum + length, 0),
    );
    const [text, sum] = [serialize(dict, TARGET_NUMBERS), isUnique ? digestOfSamples(parts) : digestOf(parts)];
    const key = isUnique ? undefined : ObjectDeduplicator.streamKey(text, sum);
    const duplicate = key === undefined ? undefined : this.#deduplicator?.find(key);
    if (duplicate !== undefined) return new TargetRef(duplicate);
    const num = writer.allocate();
    if (key !== undefined) this.#deduplicator?.remember(key, num);
    const { encryptString } = writer;
    writer.stream(num, encryptString ? serialize(dict, TARGET_NUMBERS, encryptString) : text, data, sum);
    return new TargetRef(num);
  }

  #colorSpace(space: ColorSpace): PdfObject {
    switch (space.kind) {
      case 'DeviceGray':
      case 'DeviceRGB':
      case 'DeviceCMYK':
        return new PdfName(space.kind);
      case 'CalGray':
        return [new PdfName('CalGray'), PdfDict.of({ WhitePoint: [...space.whitePoint], Gamma: space.gamma })];
      case 'CalRGB': {
        const { whitePoint, gamma, matrix } = space;
        const entries = { WhitePoint: [...whitePoint], Gamma: [...gamma], Matrix: matrix.flat() };
        return [new PdfName('CalRGB'), PdfDict.of(entries)];
      }
      case 'Lab':
        return [new PdfName('Lab'), PdfDict.of({ WhitePoint: [...space.whitePoint], Range: [...space.range] })];
      case 'Indexed': {
        const palette = new PdfString(asBuffer(space.palette));
        return [new PdfName('Indexed'), this.#colorSpace(space.base), space.palette.length / 3 - 1, palette];
      }
      case 'ICCBased':
        return [new PdfName('ICCBased'), this.#profile(space.profile, space.components)];
    }
  }

  /** Photos from one camera share a profile. */
  #profile(profile: Uint8Array, components: number): TargetRef {
    const key = createHash('sha256').update(profile).digest('base64');
    const known = this.#profiles.get(key);
    if (known) return known;
    const dict = PdfDict.of({ N: components, Filter: new PdfName('FlateDecode') });
    const written = this.#stream(dict, [deflate(profile)], false);
    this.#profiles.set(key, written);
    return written;
  }
}

function digestOf(parts: Iterable<Buffer>): Buffer {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part);
  return digest.digest();
}

/** Digests parts of the data. The samples are copied, because an object for each would be garbage of 20 KB per image. */
function digestOfSamples(parts: readonly Buffer[]): Buffer {
  const digest = createHash('sha256');
  for (const part of parts) {
    const step = Math.max(SAMPLE_BYTES, Math.floor(part.length / SAMPLES));
    let length = 0;
    for (let at = 0; at < part.length; at += step) length += part.copy(samples, length, at, at + SAMPLE_BYTES);
    digest.update(samples.subarray(0, length));
  }
  return digest.digest();
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function decodeParms(image: PdfImage): PdfDict | undefined {
  const { predictor, ccitt, colorTransform } = image;
  if (predictor) {
    const { colors, bitsPerComponent, columns } = predictor;
    return PdfDict.of({
      Predictor: ANY_PNG_PREDICTOR,
      Colors: colors,
      BitsPerComponent: bitsPerComponent,
      Columns: columns,
    });
  }
  if (ccitt) {
    return PdfDict.of({
      K: ccitt.k,
      Columns: image.width,
      Rows: image.height,
      BlackIs1: ccitt.blackIs1,
      EncodedByteAlign: ccitt.encodedByteAlign,
      EndOfBlock: ccitt.endOfBlock,
    });
  }
  return colorTransform === undefined ? undefined : PdfDict.of({ ColorTransform: colorTransform });
}
