import { blockRows } from './page.js';
import type { TiffPage } from './page.js';

/** Decodes a block of a page to `rowBytes` bytes for each of its rows. */
export type DecodeBlock = (
  index: number,
  size: { readonly rowBytes: number; readonly rows: number },
) => Promise<Buffer>;

/** Bits of a pixel within one block. */
function blockBits({ planar, samples, bits }: TiffPage): number {
  return planar ? bits : bits * samples;
}

/** Bytes of a row of the whole image, as the blocks have it. */
function imageRowBytes(page: TiffPage): number {
  return Math.ceil((page.width * blockBits(page)) / 8);
}

/**
 * Joins the strips or tiles of a page to packed rows. `plane` is the sample that planar blocks hold, else 0. The width of
 * tiles is a multiple of 16, so that each begins at a whole byte (TIFF 6.0, section 15).
 */
export async function assemble(
  page: TiffPage,
  plane: number,
  decode: DecodeBlock,
  signal: AbortSignal,
): Promise<Buffer> {
  const { width, across, down } = page.blocks;
  const rowBytes = imageRowBytes(page);
  const blockRowBytes = Math.ceil((width * blockBits(page)) / 8);
  const image = Buffer.allocUnsafe(rowBytes * page.height);
  for (let block = 0; block < across * down; block += 1) {
    signal.throwIfAborted();
    const index = plane * across * down + block;
    const rows = page.blocks.tiled ? page.blocks.height : blockRows(page, block);
    const data = await decode(index, { rowBytes: blockRowBytes, rows });
    const left = Math.floor(((block % across) * width * blockBits(page)) / 8);
    const top = Math.floor(block / across) * page.blocks.height;
    copyRows(data, image, { blockRowBytes, rowBytes, left, top, rows: Math.min(rows, page.height - top) });
  }
  return image;
}

interface Area {
  readonly blockRowBytes: number;
  readonly rowBytes: number;
  readonly left: number;
  readonly top: number;
  readonly rows: number;
}

function copyRows(block: Buffer, image: Buffer, { blockRowBytes, rowBytes, left, top, rows }: Area): void {
  if (blockRowBytes === rowBytes) {
    block.copy(image, top * rowBytes, 0, rows * rowBytes);
    return;
  }
  const length = Math.min(blockRowBytes, rowBytes - left);
  for (let row = 0; row < rows; row += 1)
    block.copy(image, (top + row) * rowBytes + left, row * blockRowBytes, row * blockRowBytes + length);
}
