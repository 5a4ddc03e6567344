import { corruptImage, unsupportedImage } from '../errors.js';
import type { RawImage } from '../raw-image.js';
import { blockRows } from './page.js';
import type { TiffPage } from './page.js';
import { TAG } from './tags.js';
import type { DecodeBlock } from './assemble.js';

/** Weights of red, green and blue in the luma of CCIR 601. */
const CCIR_601 = [0.299, 0.587, 0.114] as const;
const FULL_RANGE = [0, 255, 128, 255, 128, 255];

/** Pixels along and across a row that share their chroma. */
interface Subsampling {
  readonly across: number;
  readonly down: number;
}

/**
 * Decodes a page of YCbCr samples (TIFF 6.0, section 21). Its blocks have units with the luma of several pixels and the
 * chroma that these share.
 */
export async function readYCbCr(page: TiffPage, decode: DecodeBlock, signal: AbortSignal): Promise<RawImage> {
  const { width, height, directory, blocks } = page;
  const subsampling = readSubsampling(page);
  const samples = new Uint8Array(width * height * 3);
  const convert = converter(directory.numbers(TAG.yCbCrCoefficients), directory.numbers(TAG.referenceBlackWhite));
  for (let index = 0; index < blocks.across * blocks.down; index += 1) {
    signal.throwIfAborted();
    const rows = Math.ceil(blockRows(page, index) / subsampling.down);
    const rowBytes = Math.ceil(blocks.width / subsampling.across) * unitBytes(subsampling);
    const data = await decode(index, { rowBytes, rows });
    copyBlock(page, { index, data, rowBytes, subsampling }, (pixel, values) => {
      convert(samples, pixel * 3, values);
    });
  }
  return { width, height, model: 'rgb', samples };
}

function readSubsampling(page: TiffPage): Subsampling {
  if (page.samples !== 3 || page.bits !== 8 || page.planar || page.predictor !== 1)
    throw unsupportedImage('TIFF', `YCbCr colours of ${page.samples} samples of ${page.bits} bits`);
  const [across = 2, down = 2] = page.directory.numbers(TAG.yCbCrSubsampling) ?? [];
  if (![1, 2, 4].includes(across) || ![1, 2, 4].includes(down))
    throw corruptImage('has damaged TIFF data: its chroma subsampling is invalid');
  return { across, down };
}

function unitBytes({ across, down }: Subsampling): number {
  return across * down + 2;
}

interface Block {
  readonly index: number;
  readonly data: Buffer;
  readonly rowBytes: number;
  readonly subsampling: Subsampling;
}

type Values = readonly [number, number, number];

/** Calls `write` with luma and chroma of each pixel of a block that is inside of the image. */
function copyBlock(page: TiffPage, block: Block, write: (pixel: number, values: Values) => void): void {
  const { blocks, width, height } = page;
  const { index, data, rowBytes, subsampling } = block;
  const { across, down } = subsampling;
  const unit = unitBytes(subsampling);
  const left = (index % blocks.across) * blocks.width;
  const top = Math.floor(index / blocks.across) * blocks.height;
  const columns = Math.min(blocks.width, width - left);
  const rows = Math.min(blocks.height, height - top);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      const start = Math.floor(row / down) * rowBytes + Math.floor(column / across) * unit;
      const luma = data[start + (row % down) * across + (column % across)] ?? 0;
      const chroma = start + unit - 2;
      write((top + row) * width + left + column, [luma, data[chroma] ?? 0, data[chroma + 1] ?? 0]);
    }
}

type Convert = (rgb: Uint8Array, at: number, values: Values) => void;

function converter(coefficients: readonly number[] = CCIR_601, reference: readonly number[] = FULL_RANGE): Convert {
  const [red = 0, green = 0, blue = 0] = coefficients;
  const [black = 0, white = 0, noBlue = 0, mostBlue = 0, noRed = 0, mostRed = 0] = reference;
  return (rgb, at, [luma, cb, cr]) => {
    const y = ((luma - black) * 255) / (white - black);
    const b = (((cb - noBlue) * 127) / (mostBlue - noBlue)) * (2 - 2 * blue) + y;
    const r = (((cr - noRed) * 127) / (mostRed - noRed)) * (2 - 2 * red) + y;
    rgb[at] = clamp(r);
    rgb[at + 1] = clamp((y - blue * b - red * r) / green);
    rgb[at + 2] = clamp(b);
  };
}

function clamp(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)));
}
