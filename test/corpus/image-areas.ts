import { runReader } from './readers.js';

/** A rectangle of a rendered page in pixels from the top left. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const EVERYWHERE: Area = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };
const IMAGE = /<(?:fill_image|fill_image_mask|clip_image_mask)\b[^>]*\btransform="([^"]+)"/g;

const PAGE = /<page mediabox="(\S+) (\S+) (\S+) (\S+)">/;

export interface TracedPage {
  /** Counted from 1. */
  readonly page: number;
  readonly dpi: number;
  /** Size of the render that the areas are for. */
  readonly width: number;
  readonly height: number;
}

/**
 * Returns the areas of a page on which mutool draws images. The whole page counts as an image if it has a tiling
 * pattern, because the trace does not say where the cells are, or if the render shows another box of the page than
 * mutool's.
 */
export async function imageAreas(path: string, { page, dpi, width, height }: TracedPage): Promise<Area[]> {
  const args = ['draw', '-q', '-r', String(dpi), '-F', 'trace', path, String(page)];
  const { status, stdout } = await runReader('mutool', args);
  const [left = NaN, top = NaN, right = NaN, bottom = NaN] = (PAGE.exec(stdout) ?? []).slice(1).map(Number);
  const isSameBox = Math.abs(right - left - width) <= 2 && Math.abs(bottom - top - height) <= 2;
  if (status === 99 || !isSameBox || stdout.includes('<begin_tile')) return [EVERYWHERE];
  return [...stdout.matchAll(IMAGE)].map(([, matrix = '']) => areaOf(matrix.split(/\s+/).map(Number)));
}

/** The bounding box of the unit square under a matrix (ISO 32000-2, 8.9.5). */
function areaOf([a = 0, b = 0, c = 0, d = 0, e = 0, f = 0]: readonly number[]): Area {
  const [xs, ys] = [
    [e, e + a, e + c, e + a + c],
    [f, f + b, f + d, f + b + d],
  ];
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

/** Whether an area comes within a margin of a square tile. */
export function touches(area: Area, tile: { left: number; top: number; side: number }, margin: number): boolean {
  return (
    area.left < tile.left + tile.side + margin &&
    area.right > tile.left - margin &&
    area.top < tile.top + tile.side + margin &&
    area.bottom > tile.top - margin
  );
}
