import { textPdf } from '../text-pdf.js';
import { TABLE_FILTERS } from './encoders.js';
import type { EncodedImage, TableFilter } from './encoders.js';
import { TABLE_FEATURES } from './features.js';
import type { TableFeature } from './features.js';
import { PLACEMENTS, placedPage } from './placements.js';
import type { Placement } from './placements.js';
import { TABLE_SPACES } from './spaces.js';
import type { TableSpace } from './spaces.js';
import { CONTENTS, HEIGHT, WIDTH, tableImage } from './values.js';
import type { ImageContent } from './values.js';

/** A page of the table with one image. */
export interface TableCase {
  readonly space: TableSpace;
  readonly filter: TableFilter;
  readonly bits: number;
  readonly feature: TableFeature;
  readonly content: ImageContent;
  readonly placement: Placement;
  /** Points of the drawn width. */
  readonly points: number;
}

/** Filters with bits that are combined with all features, and with both contents. */
const SAMPLES: ReadonlySet<string> = new Set(['Flate 8', 'none 1', 'DCT 8', 'JPX 8', 'CCITT 1', 'JBIG2 1']);
/** Widths at which the image has 217 and 72 dpi, so that it is resampled or not. */
const SIZES = [80, WIDTH] as const;

/** The same case in the size at which a pixel of the image is one point. */
export function atFullSize(each: TableCase): TableCase {
  return { ...each, points: WIDTH };
}

export function nameOf({ space, filter, bits, feature, content, placement, points }: TableCase): string {
  return [space.name, `${bits}-bit`, filter.name, feature.name, content, placement, `${points}pt`].join(' ');
}

/**
 * All combinations of colour space, filter, bits and feature, each as a photo or a drawing, and in another placement and
 * size than the combination before.
 */
export function tableCases(): TableCase[] {
  const cases: TableCase[] = [];
  for (const [index, { space, filter, bits, feature }] of [...combinations()].entries()) {
    const first = index % CONTENTS.length;
    const contents = SAMPLES.has(`${filter.name} ${bits}`) ? CONTENTS : CONTENTS.slice(first, first + 1);
    const placement = PLACEMENTS[cases.length % PLACEMENTS.length] ?? 'direct';
    const points = SIZES[(cases.length >> 2) % SIZES.length] ?? SIZES[0];
    for (const content of contents) {
      const usual = { space, filter, bits, feature, content, points };
      cases.push({ ...usual, placement: canBe(placement, usual) ? placement : 'direct' });
    }
  }
  return cases;
}

type Combination = Pick<TableCase, 'space' | 'filter' | 'bits' | 'feature'>;

function* combinations(): Generator<Combination> {
  for (const space of TABLE_SPACES)
    for (const filter of TABLE_FILTERS)
      for (const bits of filter.bits) {
        if (!filter.fits(space) || !allowsBits(space, bits)) continue;
        const isSample = SAMPLES.has(`${filter.name} ${bits}`);
        for (const feature of TABLE_FEATURES)
          if (feature.fits(space) && (isSample || feature.isCommon === true)) yield { space, filter, bits, feature };
      }
}

function allowsBits({ isIndexed, isStencil }: TableSpace, bits: number): boolean {
  return isStencil ? bits === 1 : !isIndexed || bits <= 8;
}

/** An inline image has no reference to another stream, and not every filter (ISO 32000-2, 8.9.7). */
function canBe(placement: Placement, { filter, feature }: Pick<TableCase, 'filter' | 'feature'>): boolean {
  return placement !== 'inline' || (filter.isInline === true && feature.needsStream !== true);
}

/** A document with a page for each case. */
export async function tableDocument(cases: readonly TableCase[]): Promise<Buffer> {
  const objects: Record<number, string> = {};
  let last = 2;
  const add = (body: string): string => {
    last += 1;
    objects[last] = body;
    return `${last} 0 R`;
  };
  const pages: string[] = [];
  for (const each of cases) pages.push(add(await tablePage(each, add)));
  objects[1] = '<< /Type /Catalog /Pages 2 0 R >>';
  objects[2] = `<< /Type /Pages /Count ${pages.length} /Kids [${pages.join(' ')}] >>`;
  return textPdf(objects);
}

const encoded = new Map<string, Promise<EncodedImage>>();

async function tablePage(each: TableCase, add: (body: string) => string): Promise<string> {
  const { space, filter, bits, feature, content, placement, points } = each;
  const key = [filter.name, content, space.components, bits].join(' ');
  const image = encoded.get(key) ?? Promise.resolve(filter.encode(tableImage(content, space.components, bits)));
  encoded.set(key, image);
  const { entries, data } = await image;
  const kind = space.isStencil ? '/ImageMask true' : '';
  const common = `/Width ${WIDTH} /Height ${HEIGHT} /BitsPerComponent ${bits} ${kind}`;
  const colorSpace = space.entry(bits, add);
  const all = `${common} ${entries} ${feature.entries(each, add)}`;
  return `<< /Type /Page /Parent 2 0 R ${placedPage(placement, { entries: all, data, colorSpace, points }, add)} >>`;
}
