import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { ObjectDeduplicator } from './object-deduplicator.js';
import { PdfDict, PdfName, PdfString, TargetRef } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import { serialize, TARGET_NUMBERS } from '../syntax/serializer.js';
import type { PdfWriter } from './pdf-writer.js';

/** Colour spaces of images (ISO 32000-2, 8.6). */
export type ColorSpace =
  | { readonly kind: 'DeviceGray' | 'DeviceRGB' | 'DeviceCMYK' }
  | { readonly kind: 'Indexed'; readonly base: ColorSpace; readonly palette: Uint8Array }
  | { readonly kind: 'ICCBased'; readonly components: 1 | 3 | 4; readonly profile: Uint8Array };

/** PNG predictors of a Flate stream (ISO 32000-2, table 8): the layout of the rows before filtering. */
export interface PngPredictor {
  readonly colors: number;
  readonly bitsPerComponent: number;
  readonly columns: number;
}

/** The contents of an image XObject (ISO 32000-2, table 87). `data` is the encoded stream in parts. */
export interface PdfImage {
  readonly width: number;
  readonly height: number;
  readonly bitsPerComponent: number;
  readonly colorSpace: ColorSpace;
  readonly filter: 'DCTDecode' | 'FlateDecode';
  readonly data: readonly Uint8Array[];
  readonly decode?: readonly number[];
  readonly predictor?: PngPredictor;
  /** DCTDecode's ColorTransform, if the JPEG does not declare that it contains RGB. */
  readonly colorTransform?: 0;
  readonly softMask?: PdfImage;
}

/** PNG predictors that each row selects. */
const ANY_PNG_PREDICTOR = 15;

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
  write(image: PdfImage): TargetRef {
    const softMask = image.softMask && this.write(image.softMask);
    const dict = PdfDict.of({
      Type: new PdfName('XObject'),
      Subtype: new PdfName('Image'),
      Width: image.width,
      Height: image.height,
      BitsPerComponent: image.bitsPerComponent,
      ColorSpace: this.#colorSpace(image.colorSpace),
      Filter: new PdfName(image.filter),
      DecodeParms: decodeParms(image),
      Decode: image.decode && [...image.decode],
      SMask: softMask,
    });
    return this.#stream(dict, image.data.map(asBuffer));
  }

  #stream(dict: PdfDict, parts: readonly Buffer[]): TargetRef {
    const writer = this.#writer;
    const data = writer.encrypts ? [writer.encrypt(Buffer.concat(parts))] : parts;
    const digest = createHash('sha256');
    for (const part of parts) digest.update(part);
    dict.set(
      'Length',
      data.reduce((sum, { length }) => sum + length, 0),
    );
    const [text, sum] = [serialize(dict, TARGET_NUMBERS), digest.digest()];
    const key = ObjectDeduplicator.streamKey(text, sum);
    const duplicate = this.#deduplicator?.find(key);
    if (duplicate !== undefined) return new TargetRef(duplicate);
    const num = writer.allocate();
    this.#deduplicator?.remember(key, num);
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
    const written = this.#stream(dict, [deflateSync(profile, { level: 9 })]);
    this.#profiles.set(key, written);
    return written;
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function decodeParms({ predictor, colorTransform }: PdfImage): PdfDict | undefined {
  if (predictor) {
    const { colors, bitsPerComponent, columns } = predictor;
    return PdfDict.of({
      Predictor: ANY_PNG_PREDICTOR,
      Colors: colors,
      BitsPerComponent: bitsPerComponent,
      Columns: columns,
    });
  }
  return colorTransform === undefined ? undefined : PdfDict.of({ ColorTransform: colorTransform });
}
