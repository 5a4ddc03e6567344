import { corruptImage, unsupportedImage } from '../errors.js';
import { toOrientation } from '../exif.js';
import type { Orientation } from '../exif.js';
import { sensibleDpi } from '../resolution.js';
import type { Dpi } from '../resolution.js';
import type { TiffDirectory } from './directory.js';
import { COMPRESSION, TAG } from './tags.js';

/** The strips or tiles of a page. With planar samples, those of the first sample come first. */
interface Blocks {
  readonly tiled: boolean;
  readonly width: number;
  /** Rows of each block. The last strip has only those that are left. */
  readonly height: number;
  readonly across: number;
  readonly down: number;
  readonly offsets: readonly number[];
  readonly byteCounts: readonly number[];
}

/** What a directory says about its image (TIFF 6.0). */
export interface TiffPage {
  readonly directory: TiffDirectory;
  readonly width: number;
  readonly height: number;
  readonly compression: number;
  readonly photometric: number;
  readonly samples: number;
  readonly bits: number;
  /** Whether each block has one sample of each pixel. */
  readonly planar: boolean;
  readonly predictor: number;
  /** Whether the least significant bit of a byte comes first. */
  readonly reversedBits: boolean;
  readonly blocks: Blocks;
  readonly orientation: Orientation;
  readonly dpi: Dpi | undefined;
}

const CENTIMETRE = 3;
const NO_UNIT = 1;
const UNSIGNED = 1;
const UNTYPED = 4;
const SAMPLE_FORMATS = new Map([
  [2, 'signed'],
  [3, 'floating-point'],
  [5, 'complex'],
  [6, 'complex'],
]);

/** Reads the fields of a page. Throws an `InputError` if they are damaged or if the samples are of no kind that can be read. */
export function readPage(directory: TiffDirectory): TiffPage {
  const width = directory.number(TAG.imageWidth, 0);
  const height = directory.number(TAG.imageLength, 0);
  if (width < 1 || height < 1) throw corruptImage('has an image without any pixels');
  const compression = directory.number(TAG.compression, COMPRESSION.none);
  const samples = directory.number(TAG.samplesPerPixel, 1);
  const planar = directory.number(TAG.planarConfiguration, 1) === 2 && samples > 1;
  const bits = readBits(directory);
  checkSamples(directory, bits, samples);
  const blocks = readBlocks(directory, { width, height });
  const needed = blocks.across * blocks.down * (planar ? samples : 1);
  const isOldJpeg = compression === COMPRESSION.oldJpeg;
  if (!isOldJpeg && (blocks.offsets.length < needed || blocks.byteCounts.length < needed))
    throw corruptImage('has damaged TIFF data: strips or tiles are missing');
  return {
    directory,
    width,
    height,
    compression,
    photometric: directory.number(TAG.photometric, samples >= 3 ? 2 : 0),
    samples,
    bits,
    planar,
    predictor: directory.number(TAG.predictor, 1),
    reversedBits: directory.number(TAG.fillOrder, 1) === 2,
    blocks,
    orientation: toOrientation(directory.number(TAG.orientation, 1)),
    dpi: readDpi(directory),
  };
}

function readBits(directory: TiffDirectory): number {
  const [first = 1, ...others] = directory.numbers(TAG.bitsPerSample) ?? [1];
  if (others.some((bits) => bits !== first)) throw unsupportedImage('TIFF', 'samples of different depths');
  return first;
}

function checkSamples(directory: TiffDirectory, bits: number, samples: number): void {
  const format = directory.number(TAG.sampleFormat, UNSIGNED);
  if (format !== UNSIGNED && format !== UNTYPED) {
    const kind = SAMPLE_FORMATS.get(format) ?? `format ${format}`;
    throw unsupportedImage('TIFF', `${kind} samples of ${bits} bits`);
  }
  if (bits < 1 || bits > 16) throw unsupportedImage('TIFF', `samples of ${bits} bits`);
  if (samples < 1 || samples > 32) throw unsupportedImage('TIFF', `${samples} samples per pixel`);
}

function readBlocks(directory: TiffDirectory, size: { readonly width: number; readonly height: number }): Blocks {
  const tiled = directory.has(TAG.tileWidth);
  const width = tiled ? directory.number(TAG.tileWidth, 0) : size.width;
  const rows = tiled ? directory.number(TAG.tileLength, 0) : directory.number(TAG.rowsPerStrip, size.height);
  const height = tiled ? rows : Math.min(rows, size.height);
  if (width < 1 || height < 1) throw corruptImage('has damaged TIFF data: its strips or tiles have no pixels');
  const offsets = directory.numbers(TAG.tileOffsets) ?? directory.numbers(TAG.stripOffsets) ?? [];
  const byteCounts = directory.numbers(TAG.tileByteCounts) ?? directory.numbers(TAG.stripByteCounts);
  return {
    tiled,
    width,
    height,
    across: Math.ceil(size.width / width),
    down: Math.ceil(size.height / height),
    offsets,
    // Old writers leave the size of a single strip out.
    byteCounts: byteCounts ?? (offsets.length === 1 ? offsets.map((at) => directory.file.length - at) : []),
  };
}

/** Faxes have different resolutions along and across their rows. */
function readDpi(directory: TiffDirectory): Dpi | undefined {
  const x = directory.number(TAG.xResolution, 0);
  const y = directory.number(TAG.yResolution, x);
  const unit = directory.number(TAG.resolutionUnit, 2);
  if (unit === NO_UNIT) return undefined;
  const perInch = unit === CENTIMETRE ? 2.54 : 1;
  return sensibleDpi(x * perInch, y * perInch);
}

/** The stored bytes of a block, as far as the file has them. A decoder finds out if bytes are missing. */
export function blockBytes({ directory, blocks }: TiffPage, index: number): Buffer {
  const start = blocks.offsets[index] ?? 0;
  return directory.file.subarray(start, start + (blocks.byteCounts[index] ?? 0));
}

/** Rows that a block has: those of the tile, or those of the strip that are inside of the image. */
export function blockRows({ height, blocks }: TiffPage, index: number): number {
  if (blocks.tiled) return blocks.height;
  return Math.min(blocks.height, height - (index % blocks.down) * blocks.height);
}
