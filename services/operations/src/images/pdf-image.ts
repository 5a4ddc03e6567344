import type { ColorSpace, PdfImage } from '@pdf-tools/pdf';
import type { Orientation } from './exif.js';
import type { ColorModel } from './raw-image.js';
import type { Dpi } from './resolution.js';

export type { ColorSpace, PdfImage } from '@pdf-tools/pdf';

/** An image as a reader of its format returns it. */
export interface ReadImage {
  readonly image: PdfImage;
  readonly orientation: Orientation;
  /** Undefined if the file gives no plausible resolution. */
  readonly dpi: Dpi | undefined;
  /** Sentences for the report about what was damaged or changed. */
  readonly notes?: readonly string[];
  /** Whether Flate or CCITT data are those of the file. JBIG2 data never are, and data of other filters always. */
  readonly hasOwnData?: boolean;
}

const ENCODED_HERE: ReadonlySet<string> = new Set(['FlateDecode', 'CCITTFaxDecode', 'JBIG2Decode']);

/** Whether the data of an image are those of its file, without decoding. */
export function isCarriedOver({ image, hasOwnData = false }: ReadImage): boolean {
  return ENCODED_HERE.has(image.filter) ? hasOwnData : true;
}

/** One image of a file. An animation or a multi-page TIFF has several. */
export interface ImageFrame extends ReadImage {
  /** How many images the file has. */
  readonly frameCount: number;
}

/** Returns the device colour space, or that of the profile if there is one, for 1, 3 or 4 components. */
export function colorSpaceFor(components: 1 | 3 | 4, profile: Uint8Array | undefined): ColorSpace {
  if (profile) return { kind: 'ICCBased', components, profile };
  return deviceSpace(components === 1 ? 'gray' : components === 3 ? 'rgb' : 'cmyk');
}

/** Returns the device colour space of a colour model. Lab has none, so its samples need a colour space of their own. */
export function deviceSpace(model: ColorModel): ColorSpace {
  return { kind: model === 'gray' ? 'DeviceGray' : model === 'cmyk' ? 'DeviceCMYK' : 'DeviceRGB' };
}
