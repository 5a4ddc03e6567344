import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ask } from '../corpus/readers.js';

/** Twice the resolution that images are reduced to. */
export const FINE_DPI = 288;
export const TARGET_DPI = FINE_DPI / 2;
const CELL = 4;
/** Constants of SSIM for 8-bit samples (Wang et al., 2004). */
const [C1, C2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2];

/** The luma of a rendered page. */
export interface Luma {
  readonly width: number;
  readonly height: number;
  readonly data: Buffer;
}

interface RenderOptions {
  readonly dpi: number;
  readonly folder: string;
  /** poppler unless another renderer is named. */
  readonly renderer?: 'poppler' | 'mupdf';
}

/** Renders a page, counted from 1. */
export async function renderLuma(path: string, page: number, options: RenderOptions): Promise<Luma> {
  const work = await mkdtemp(join(options.folder, 'render-'));
  try {
    const output = join(work, 'page.pgm');
    const [program, args] = commandFor({ path, page: String(page), output, ...options });
    const { status } = await ask(program, args);
    if (status !== 0) throw new Error(`${program} ended with ${status}`);
    return parsePgm(await readFile(output));
  } finally {
    await rm(work, { recursive: true });
  }
}

interface Rendering extends RenderOptions {
  readonly path: string;
  readonly page: string;
  readonly output: string;
}

function commandFor({ path, page, output, dpi, renderer = 'poppler' }: Rendering): [string, string[]] {
  const resolution = String(dpi);
  if (renderer === 'mupdf') return ['mutool', ['draw', '-q', '-c', 'gray', '-r', resolution, '-o', output, path, page]];
  const range = ['-f', page, '-l', page, '-singlefile'];
  return ['pdftoppm', ['-gray', '-r', resolution, ...range, path, output.replace(/\.pgm$/, '')]];
}

function parsePgm(file: Buffer): Luma {
  const [header, width, height] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(file.toString('latin1', 0, 64)) ?? [];
  if (header === undefined) throw new Error('The renderer wrote no PGM file.');
  return { width: Number(width), height: Number(height), data: file.subarray(header.length) };
}

/** Averages squares of 2 x 2 samples. Odd rows and columns at the end are left out. */
export function halve({ width, height, data }: Luma): Luma {
  const half = { width: Math.floor(width / 2), height: Math.floor(height / 2) };
  const values = Buffer.alloc(half.width * half.height);
  for (let y = 0, to = 0; y < half.height; y++)
    for (let x = 0, at = 2 * y * width; x < half.width; x++, at += 2, to++)
      values[to] =
        ((data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + width] ?? 0) + (data[at + width + 1] ?? 0) + 2) / 4;
  return { ...half, data: values };
}

/**
 * Returns the mean SSIM of the part that both images have, because the sizes of renders at two resolutions may differ by
 * a pixel.
 */
export function ssimOfShared(left: Luma, right: Luma): number {
  const size = { width: Math.min(left.width, right.width), height: Math.min(left.height, right.height) };
  return ssim(cropped(left, size), cropped(right, size));
}

function cropped({ width, height, data }: Luma, size: Omit<Luma, 'data'>): Luma {
  if (width === size.width && height === size.height) return { width, height, data };
  const rows = Array.from({ length: size.height }, (_none, y) => data.subarray(y * width, y * width + size.width));
  return { ...size, data: Buffer.concat(rows) };
}

/** Returns the mean SSIM of two images of the same size, over windows of 8 x 8 samples at each fourth sample. */
function ssim(left: Luma, right: Luma): number {
  if (left.width !== right.width || left.height !== right.height) return 0;
  const columns = Math.floor(left.width / CELL);
  const rows = Math.floor(left.height / CELL);
  const sums = cellSums(left, right, { columns, rows });
  let total = 0;
  for (let row = 0; row + 1 < rows; row++)
    for (let column = 0; column + 1 < columns; column++) {
      const at = row * columns + column;
      total += windowSsim(sums, [at, at + 1, at + columns, at + columns + 1]);
    }
  return total / ((rows - 1) * (columns - 1));
}

/** For each cell, the sums of left, right, left squared, right squared and left times right. */
function cellSums(left: Luma, right: Luma, { columns, rows }: { columns: number; rows: number }): Float64Array {
  const sums = new Float64Array(5 * columns * rows);
  const add = (at: number, value: number): void => {
    sums[at] = (sums[at] ?? 0) + value;
  };
  for (let y = 0; y < rows * CELL; y++)
    for (let x = 0; x < columns * CELL; x++) {
      const [a, b] = [left.data[y * left.width + x] ?? 0, right.data[y * right.width + x] ?? 0];
      const at = 5 * ((y >> 2) * columns + (x >> 2));
      add(at, a);
      add(at + 1, b);
      add(at + 2, a * a);
      add(at + 3, b * b);
      add(at + 4, a * b);
    }
  return sums;
}

function windowSsim(sums: Float64Array, cells: readonly number[]): number {
  const mean = (which: number): number =>
    cells.reduce((sum, cell) => sum + (sums[5 * cell + which] ?? 0), 0) / (cells.length * CELL * CELL);
  const [a, b] = [mean(0), mean(1)];
  const covariance = mean(4) - a * b;
  const variances = mean(2) - a * a + mean(3) - b * b;
  return ((2 * a * b + C1) * (2 * covariance + C2)) / ((a * a + b * b + C1) * (variances + C2));
}
