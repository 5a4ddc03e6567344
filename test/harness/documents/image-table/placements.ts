import { textStream } from '../text-pdf.js';
import type { EncodedImage } from './encoders.js';
import type { AddObject } from './spaces.js';
import { HEIGHT, WIDTH } from './values.js';

/** Where a page draws the image. */
export type Placement = 'direct' | 'form' | 'pattern' | 'annotation' | 'type3' | 'inline';
export const PLACEMENTS: readonly Placement[] = ['direct', 'form', 'pattern', 'annotation', 'type3', 'inline'];

/** An image with the entries of its dictionary. */
export interface PlacedImage extends EncodedImage {
  readonly colorSpace: string;
  /** Points of the drawn width. */
  readonly points: number;
}

/** The entries of a page that draws an image on a light background. Stencil masks are blue. */
export function placedPage(placement: Placement, image: PlacedImage, add: AddObject): string {
  const [width, height] = [image.points, drawnHeight(image)];
  const box = `[0 0 ${width + 2 * MARGIN} ${height + 2 * MARGIN}]`;
  const { content, resources, more = '' } = PAGES[placement](image, add);
  const background = `1 0.95 0.8 rg 0 0 ${width + 2 * MARGIN} ${height + 2 * MARGIN} re f 0.1 0.2 0.6 rg`;
  const contents = add(textStream(`${background}\n${content}`));
  return `/MediaBox ${box} /Contents ${contents} /Resources << ${resources} >> ${more}`;
}

interface PageParts {
  readonly content: string;
  readonly resources: string;
  readonly more?: string;
}

const MARGIN = 5;

function drawnHeight({ points }: PlacedImage): number {
  return Math.round((points * HEIGHT) / WIDTH);
}

function matrix(image: PlacedImage, at: number): string {
  return `${image.points} 0 0 ${drawnHeight(image)} ${at} ${at} cm`;
}

function drawing(image: PlacedImage, at: number): string {
  return `q ${matrix(image, at)} /Im Do Q`;
}

function xobject({ entries, colorSpace, data }: PlacedImage, add: AddObject): string {
  const space = colorSpace === '' ? '' : `/ColorSpace ${colorSpace}`;
  return add(textStream(data.toString('latin1'), `/Subtype /Image /Type /XObject ${space} ${entries}`));
}

function imageResources(image: PlacedImage, add: AddObject): string {
  return `/XObject << /Im ${xobject(image, add)} >>`;
}

/** A form XObject around an image (ISO 32000-2, 8.10). */
function form(image: PlacedImage, add: AddObject): string {
  const entries = `/Subtype /Form /BBox [0 0 ${image.points} ${drawnHeight(image)}] /Matrix [1 0 0 1 ${MARGIN} ${MARGIN}]`;
  const resources = `/Resources << ${imageResources(image, add)} >>`;
  return add(textStream(`0.1 0.2 0.6 rg ${drawing(image, 0)}`, `${entries} ${resources}`));
}

const PAGES: Readonly<Record<Placement, (image: PlacedImage, add: AddObject) => PageParts>> = {
  direct: (image, add) => ({ content: drawing(image, MARGIN), resources: imageResources(image, add) }),
  form: (image, add) => ({ content: '/Fm Do', resources: `/XObject << /Fm ${form(image, add)} >>` }),
  pattern: (image, add) => {
    const [width, height] = [image.points, drawnHeight(image)];
    const entries = `/PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 ${width} ${height}] /XStep ${width} /YStep ${height}`;
    const resources = `/Resources << ${imageResources(image, add)} >> /Matrix [1 0 0 1 ${MARGIN} ${MARGIN}]`;
    const cell = add(textStream(`0.1 0.2 0.6 rg ${drawing(image, 0)}`, `${entries} ${resources}`));
    const content = `/Pattern cs /P scn ${MARGIN} ${MARGIN} ${width} ${height} re f`;
    return { content, resources: `/Pattern << /P ${cell} >>` };
  },
  annotation: (image, add) => {
    const rect = `${MARGIN} ${MARGIN} ${image.points + MARGIN} ${drawnHeight(image) + MARGIN}`;
    const stamp = `<< /Type /Annot /Subtype /Stamp /F 4 /Rect [${rect}] /AP << /N ${form(image, add)} >> >>`;
    return { content: '', resources: '', more: `/Annots [${add(stamp)}]` };
  },
  type3: (image, add) => {
    const glyph = add(textStream(`1000 0 d0 ${drawing(image, 0)}`));
    const box = `[0 0 ${image.points} ${drawnHeight(image)}]`;
    const font = `/Type /Font /Subtype /Type3 /FontBBox ${box} /FontMatrix [1 0 0 1 0 0] /FirstChar 65 /LastChar 65 /Widths [1000]`;
    const encoding = `/Encoding << /Type /Encoding /Differences [65 /a] >> /CharProcs << /a ${glyph} >>`;
    const number = add(`<< ${font} ${encoding} /Resources << ${imageResources(image, add)} >> >>`);
    return {
      content: `BT /F 1 Tf ${MARGIN} ${MARGIN} Td (A) Tj ET`,
      resources: `/Font << /F ${number} >>`,
    };
  },
  inline: (image, add) => {
    const space = image.colorSpace === '' ? '' : '/ColorSpace /CS';
    const data = image.data.toString('latin1');
    const content = `q ${matrix(image, MARGIN)} BI ${space} ${image.entries} ID ${data}\nEI Q`;
    const named = image.colorSpace === '' ? '' : `/ColorSpace << /CS ${inlineSpace(image.colorSpace, add)} >>`;
    return { content, resources: named };
  },
};

/** A named space of the resources may not be the name of a device space in all readers. */
function inlineSpace(colorSpace: string, add: AddObject): string {
  return colorSpace.startsWith('/') ? colorSpace : add(colorSpace);
}
