import type { Pair } from './faults.js';
import { renderPages } from './frames.js';
import type { Frame, Renderer } from './frames.js';
import { imageAreas, touches } from './image-areas.js';
import { knowRenders } from './known.js';
import { readRender } from './kept-renders.js';
import { TILE, comparePages } from './pixels.js';
import type { PageDifference } from './pixels.js';

/** Pages with a lower ratio in dB count as different. */
const MIN_PSNR = 25;
/** Mean difference of a tile, of 255 levels, that an image may reach when it is encoded again. */
const MAX_IMAGE_TILE = 24;
/** The same for text and graphics. It allows for glyphs that a renderer places at another fraction of a pixel. */
const MAX_GRAPHICS_TILE = 6;
/** Share of the fine detail that an image keeps at the resolution of the render when it is encoded again. */
const MIN_DETAIL = 0.25;
/** Renderers may smooth an image beyond its edge, so many pixels wide. */
const MARGIN = 3;

/** Returns how the pages of a result look different from the input's, or undefined if they look the same. */
export async function renderFault(
  { input, output, known, pages }: Pair,
  renderer: Renderer,
): Promise<string | undefined> {
  const kept = await knowRenders(input, known, { renderer, pages });
  if (kept.timedOut || kept.count === 0) return undefined;
  let why: string | undefined;
  const plan = { renderer, pages: kept.count, dpi: known.dpi };
  const { count, timedOut } = await renderPages(output, plan, async (after, index) => {
    if (index >= kept.count) return false;
    const page = { input, page: index + 1, dpi: known.dpi };
    const fault = await pageFault(page, await readRender(kept, index), after);
    if (fault !== undefined) why = `${renderer}: page ${index + 1} ${fault}`;
    return fault === undefined;
  });
  if (why === undefined && timedOut) return `${renderer}: rendering does not finish`;
  return why ?? (count < kept.count ? `${renderer}: page ${count + 1} does not render` : undefined);
}

/** A page of an input. The number counts from 1. */
export interface InputPage {
  readonly input: string;
  readonly page: number;
  readonly dpi: number;
}

/** Returns how a page looks different from the input's, or undefined if it looks the same. */
export async function pageFault(page: InputPage, before: Frame, after: Frame): Promise<string | undefined> {
  // A renderer that cannot read the page's box draws a single pixel.
  if (before.width * before.height === 1) return undefined;
  const found = comparePages(before, after);
  if (!found) return `is ${after.width} x ${after.height} pixels, not ${before.width} x ${before.height}`;
  if (found.psnr < MIN_PSNR) return `differs by ${found.psnr.toFixed(1)} dB`;
  const worst = worstTile(found, () => true);
  if (worst.amount > MAX_IMAGE_TILE) return describe(worst, '');
  if (found.detail < MIN_DETAIL) return `keeps ${(100 * found.detail).toFixed(0)} % of the detail of an image`;
  if (worst.amount <= MAX_GRAPHICS_TILE) return undefined;
  const areas = await imageAreas(page.input, { ...page, width: before.width, height: before.height });
  const outside = worstTile(
    found,
    (left, top) => !areas.some((area) => touches(area, { left, top, side: TILE }, MARGIN)),
  );
  return outside.amount > MAX_GRAPHICS_TILE ? describe(outside, ' outside its images') : undefined;
}

interface Tile {
  readonly amount: number;
  readonly left: number;
  readonly top: number;
}

function worstTile({ tiles, columns }: PageDifference, counts: (left: number, top: number) => boolean): Tile {
  let worst: Tile = { amount: 0, left: 0, top: 0 };
  for (const [index, amount] of tiles.entries()) {
    const [left, top] = [(index % columns) * TILE, Math.floor(index / columns) * TILE];
    if (amount > worst.amount && counts(left, top)) worst = { amount, left, top };
  }
  return worst;
}

function describe({ amount, left, top }: Tile, where: string): string {
  return `differs by ${amount.toFixed(1)} of 255 at (${left}, ${top})${where}`;
}
