import type { ImageFrame } from '../pdf-image.js';
import { DEFAULT_DPI } from '../resolution.js';
import type { Dpi } from '../resolution.js';
import { AUTO_LAYOUT } from './layout.js';
import type { FixedPage, Margins, PageLayout, Rotation, Size } from './layout.js';
import { imageMatrix, rotateOrientation, round, swapsSides } from './turn.js';
import type { Box, Matrix } from './turn.js';

/** Longest and shortest side of a page in its units (ISO 32000-1, table C.1). */
const MAX_PAGE_UNITS = 14_400;
const MIN_PAGE_UNITS = 3;
const UNITS_PER_INCH = 72;
/** The smallest side of an image that does not round to 0 units. */
const MIN_IMAGE_UNITS = 0.001;

/** A page with its image. All lengths are in units of the page. */
export interface Placement extends Size {
  /** Points per unit of the page, which is 1 unless a side is too long for readers (ISO 32000-2, table 31). */
  readonly userUnit: number;
  /** Where the unit square of the image is placed. */
  readonly matrix: Matrix;
  /** The visible part of the image, if some of it is cut off. */
  readonly clip: Box | undefined;
}

export type Placeable = Pick<ImageFrame, 'orientation' | 'dpi'> & { readonly image: Size };

/** A page and the place of the image on it, in points. */
interface Arrangement {
  readonly page: Size;
  readonly box: Box;
  readonly clip?: Box | undefined;
}

/** Places an image on a page. `rotation` applies to the upright image. */
export function placeFrame(frame: Placeable, layout: PageLayout = AUTO_LAYOUT, rotation: Rotation = 0): Placement {
  const orientation = rotateOrientation(frame.orientation, rotation);
  const stored = naturalSize(frame, layout.dpi);
  const upright = swapsSides(orientation) ? { width: stored.height, height: stored.width } : stored;
  const { page } = layout;
  const arrangement = page === 'auto' ? wrapPage(upright, layout.margins) : fitPage(upright, page, layout);
  const { page: size, box, clip, userUnit } = toUnits(arrangement);
  return { ...size, userUnit, matrix: imageMatrix(orientation, box), clip };
}

/** The size of the stored image at its resolution. */
function naturalSize({ image, dpi }: Placeable, asked: number | undefined): Size {
  const { x, y } = resolution(dpi, asked);
  return { width: (image.width / x) * UNITS_PER_INCH, height: (image.height / y) * UNITS_PER_INCH };
}

/** A requested resolution replaces the higher one of the axes, so that pixels that are not square keep their shape. */
function resolution(own: Dpi = DEFAULT_DPI, asked: number | undefined): Dpi {
  if (asked === undefined) return own;
  const scale = asked / Math.max(own.x, own.y);
  return { x: own.x * scale, y: own.y * scale };
}

/** A page around an image. A tiny image is enlarged to the smallest page if its long side then still fits on a page. */
function wrapPage(image: Size, margins: Margins): Arrangement {
  const [across, along] = [margins.left + margins.right, margins.top + margins.bottom];
  const wanted = Math.max((MIN_PAGE_UNITS - across) / image.width, (MIN_PAGE_UNITS - along) / image.height);
  const allowed = Math.min((MAX_PAGE_UNITS - across) / image.width, (MAX_PAGE_UNITS - along) / image.height);
  const scale = Math.max(1, Math.min(wanted, allowed));
  const [width, height] = [image.width * scale, image.height * scale];
  return {
    page: { width: width + across, height: height + along },
    box: { x: margins.left, y: margins.bottom, width, height },
  };
}

/** A page of fixed size with the image in the middle of the area within the margins. */
function fitPage(image: Size, fixed: FixedPage, { margins, fit }: PageLayout): Arrangement {
  const page = turnPage(fixed, image);
  const area: Box = {
    x: margins.left,
    y: margins.bottom,
    width: page.width - margins.left - margins.right,
    height: page.height - margins.top - margins.bottom,
  };
  if (fit === 'fill') return { page, box: area };
  const ratios = [area.width / image.width, area.height / image.height];
  const contained = Math.min(...ratios);
  const scale = fit === 'cover' ? Math.max(...ratios) : fit === 'shrink' ? Math.min(1, contained) : contained;
  const box = inMiddle(area, { width: image.width * scale, height: image.height * scale });
  return { page, box, clip: fit === 'cover' && protrudes(box, area) ? area : undefined };
}

/** A square image does not turn the page. */
function turnPage({ width, height, turns }: FixedPage, image: Size): Size {
  const isTurned = turns && (width - height) * (image.width - image.height) < 0;
  return isTurned ? { width: height, height: width } : { width, height };
}

function inMiddle(area: Box, { width, height }: Size): Box {
  return { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height };
}

function protrudes(box: Box, area: Box): boolean {
  return round(box.width) > round(area.width) || round(box.height) > round(area.height);
}

/** Converts points to units. Sides that are too short for readers get space on both sides of the image. */
function toUnits({ page, box, clip }: Arrangement): Arrangement & { readonly userUnit: number } {
  const userUnit = Math.max(1, Math.ceil(round(Math.max(page.width, page.height)) / MAX_PAGE_UNITS));
  const width = Math.max(MIN_PAGE_UNITS, page.width / userUnit);
  const height = Math.max(MIN_PAGE_UNITS, page.height / userUnit);
  const [right, up] = [(width - page.width / userUnit) / 2, (height - page.height / userUnit) / 2];
  const convert = (from: Box): Box => ({
    x: round(from.x / userUnit + right),
    y: round(from.y / userUnit + up),
    width: Math.max(MIN_IMAGE_UNITS, round(from.width / userUnit)),
    height: Math.max(MIN_IMAGE_UNITS, round(from.height / userUnit)),
  });
  return {
    page: { width: round(width), height: round(height) },
    box: convert(box),
    clip: clip && convert(clip),
    userUnit,
  };
}
