import { sensibleDpi } from './resolution.js';
import type { Dpi } from './resolution.js';

const ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8] as const;

/** How stored rows and columns lie in the visible picture: values of EXIF's tag 0x0112; 1 is upright. */
export type Orientation = (typeof ORIENTATIONS)[number];

/** The two things of EXIF that a page needs. The rest, places and cameras, is left behind. */
export interface ExifFacts {
  readonly orientation: Orientation;
  readonly dpi: Dpi | undefined;
}

const ORIENTATION = 0x0112;
const X_RESOLUTION = 0x011a;
const Y_RESOLUTION = 0x011b;
const RESOLUTION_UNIT = 0x0128;
const CENTIMETRE = 3;
const SHORT = 3;
const MAX_ENTRIES = 512;

const NOTHING: ExifFacts = { orientation: 1, dpi: undefined };

/**
 * Reads orientation and resolution from the first directory of an EXIF block (a TIFF structure, without the `Exif\0\0`
 * of JPEG). Never throws: a damaged block is as good as none.
 */
export function parseExif(block: Uint8Array): ExifFacts {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  try {
    return readDirectory(view);
  } catch (thrown) {
    if (thrown instanceof RangeError) return NOTHING;
    throw thrown;
  }
}

/** A number as an EXIF orientation; what is none is upright. */
export function toOrientation(value: number | undefined): Orientation {
  return ORIENTATIONS.find((orientation) => orientation === value) ?? 1;
}

/** TIFF 6.0, section 2: byte order, 42, offset of the first directory, its entries of 12 bytes each. */
function readDirectory(view: DataView): ExifFacts {
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return NOTHING;
  const little = order === 0x4949;
  const start = view.getUint32(4, little);
  const count = Math.min(view.getUint16(start, little), MAX_ENTRIES);
  const values = new Map<number, number>();
  for (let index = 0; index < count; index += 1) {
    const entry = start + 2 + index * 12;
    if (entry + 12 > view.byteLength) break;
    const value = readEntry(view, entry, little);
    if (value !== undefined) values.set(view.getUint16(entry, little), value);
  }
  return { orientation: toOrientation(values.get(ORIENTATION)), dpi: readDpi(values) };
}

function readEntry(view: DataView, entry: number, little: boolean): number | undefined {
  switch (view.getUint16(entry, little)) {
    case ORIENTATION:
    case RESOLUTION_UNIT:
      return view.getUint16(entry + 2, little) === SHORT ? view.getUint16(entry + 8, little) : undefined;
    case X_RESOLUTION:
    case Y_RESOLUTION: {
      const at = view.getUint32(entry + 8, little);
      return at + 8 > view.byteLength ? undefined : view.getUint32(at, little) / view.getUint32(at + 4, little);
    }
    default:
      return undefined;
  }
}

function readDpi(values: ReadonlyMap<number, number>): Dpi | undefined {
  const x = values.get(X_RESOLUTION);
  const y = values.get(Y_RESOLUTION) ?? x;
  if (x === undefined || y === undefined) return undefined;
  const perInch = values.get(RESOLUTION_UNIT) === CENTIMETRE ? 2.54 : 1;
  return sensibleDpi(x * perInch, y * perInch);
}
