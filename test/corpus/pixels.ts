import type { Frame } from './frames.js';

/** How two renders of a page differ. */
export interface PageDifference {
  /** Peak signal-to-noise ratio in dB after a 3x3 box blur; Infinity for equal pages. */
  readonly psnr: number;
  /** Mean absolute difference of each tile after the blur, 0 to 255, row by row. */
  readonly tiles: Float64Array;
  readonly columns: number;
  /** Share of the fine detail that the most blurred block kept; 1 if no block has detail to lose. */
  readonly detail: number;
}

/** Side of a tile in pixels. */
export const TILE = 16;
/** Side of a block in pixels: large enough that noise of a codec averages out. */
const BLOCK = 48;
/** Mean squared step between neighbouring pixels at which a block starts to count as detailed. */
const DETAILED = 12 ** 2;
const CHANNELS = 3;
/** Pixels under the blur. */
const BOX = 9;

const EQUAL: PageDifference = { psnr: Infinity, tiles: new Float64Array(0), columns: 0, detail: 1 };

/** Compares two renders of a page; undefined if their sizes differ. Edges that fill no whole tile count in `psnr` only. */
export function comparePages(before: Frame, after: Frame): PageDifference | undefined {
  const { width, height } = before;
  if (width !== after.width || height !== after.height) return undefined;
  if (before.data.equals(after.data)) return EQUAL;
  const whole = width >= TILE && height >= TILE;
  const [tileWidth, tileHeight] = whole ? [TILE, TILE] : [width, height];
  const columns = Math.floor(width / tileWidth);
  const tiles = new Float64Array(columns * Math.floor(height / tileHeight));
  let squares = 0;
  forEachBlurredRow(before, after, (y, row) => {
    const first = Math.floor(y / tileHeight) * columns;
    for (const value of row) squares += value * value;
    if (first < tiles.length) addToTiles(row, tiles.subarray(first, first + columns), tileWidth * CHANNELS);
  });
  const samples = tileWidth * tileHeight * CHANNELS * BOX;
  const mean = squares / (width * height * CHANNELS * BOX * BOX);
  return {
    psnr: 10 * Math.log10(255 ** 2 / Math.max(mean, 1e-9)),
    tiles: tiles.map((sum) => sum / samples),
    columns,
    detail: detailKept(before, after),
  };
}

function addToTiles(row: Int32Array, tiles: Float64Array, length: number): void {
  for (let tile = 0, at = 0; tile < tiles.length; tile++) {
    let sum = 0;
    for (const end = at + length; at < end; at++) {
      const value = row[at] ?? 0;
      sum += value < 0 ? -value : value;
    }
    tiles[tile] = (tiles[tile] ?? 0) + sum;
  }
}

/** Calls back with each row of the difference, summed over 3x3 pixels with the edges repeated. */
function forEachBlurredRow(before: Frame, after: Frame, onRow: (y: number, row: Int32Array) => void): void {
  const { width, height } = before;
  const rowOf = (y: number): Int32Array => {
    const start = y * width * CHANNELS;
    const end = start + width * CHANNELS;
    return blurAcross(before.data.subarray(start, end), after.data.subarray(start, end));
  };
  let above = rowOf(0);
  let current = above;
  const row = new Int32Array(above.length);
  for (let y = 0; y < height; y++) {
    const below = y + 1 < height ? rowOf(y + 1) : current;
    for (let at = 0; at < row.length; at++) row[at] = (above[at] ?? 0) + (current[at] ?? 0) + (below[at] ?? 0);
    onRow(y, row);
    [above, current] = [current, below];
  }
}

/** The difference of two rows, summed over three pixels. */
function blurAcross(before: Buffer, after: Buffer): Int32Array {
  const { length } = before;
  const difference = new Int32Array(length);
  for (let at = 0; at < length; at++) difference[at] = (before[at] ?? 0) - (after[at] ?? 0);
  const sums = new Int32Array(length);
  for (let at = 0; at < length; at++) {
    const here = difference[at] ?? 0;
    sums[at] = here + (difference[at - CHANNELS] ?? here) + (difference[at + CHANNELS] ?? here);
  }
  return sums;
}

/** The smallest ratio of squared steps between neighbouring pixels, after to before, over the detailed blocks. */
function detailKept(before: Frame, after: Frame): number {
  const [was, is] = [stepsOf(before), stepsOf(after)];
  let least = 1;
  for (const [block, steps] of was.entries())
    if (steps > DETAILED * BLOCK * BLOCK) least = Math.min(least, (is[block] ?? 0) / steps);
  return least;
}

/** Squared steps of luminance to the left and upper neighbour, summed per block. */
function stepsOf({ width, height, data }: Frame): Float64Array {
  const columns = Math.floor(width / BLOCK);
  const rows = Math.floor(height / BLOCK);
  const sums = new Float64Array(columns * rows);
  let above = lumaRow(data, 0, width);
  for (let y = 0; y < rows * BLOCK; y++) {
    const current = lumaRow(data, y, width);
    const first = Math.floor(y / BLOCK) * columns;
    for (let block = 0; block < columns; block++) {
      let sum = 0;
      for (let x = block * BLOCK, end = x + BLOCK; x < end; x++) {
        const here = current[x] ?? 0;
        const across = here - (current[x - 1] ?? here);
        const down = here - (above[x] ?? here);
        sum += across * across + down * down;
      }
      sums[first + block] = (sums[first + block] ?? 0) + sum;
    }
    above = current;
  }
  return sums;
}

/** Counts green twice, which is close enough to luminance for a comparison. */
function lumaRow(data: Buffer, y: number, width: number): Float32Array {
  const row = new Float32Array(width);
  for (let x = 0, at = y * width * CHANNELS; x < width; x++, at += CHANNELS)
    row[x] = ((data[at] ?? 0) + 2 * (data[at + 1] ?? 0) + (data[at + 2] ?? 0)) / 4;
  return row;
}
