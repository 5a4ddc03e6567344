import { describe, expect, it } from '@jest/globals';
import { toOrientation } from '../exif.js';
import type { Orientation } from '../exif.js';
import { AUTO_LAYOUT, FITS, ROTATIONS } from './layout.js';
import type { Fit, PageLayout, Rotation } from './layout.js';
import { placeFrame } from './placement.js';
import type { Placeable, Placement } from './placement.js';

type Side = 'top' | 'right' | 'bottom' | 'left';
type Point = readonly [x: number, y: number];

/** Where row 0 and column 0 of the stored image are seen (EXIF 2.32, 4.6.4, tag 0x0112). */
const SIDES: Readonly<Record<Orientation, readonly [row: Side, column: Side]>> = {
  1: ['top', 'left'],
  2: ['top', 'right'],
  3: ['bottom', 'right'],
  4: ['bottom', 'left'],
  5: ['left', 'top'],
  6: ['right', 'top'],
  7: ['right', 'bottom'],
  8: ['left', 'bottom'],
};
const CLOCKWISE: readonly Side[] = ['top', 'right', 'bottom', 'left'];
const ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8].map(toOrientation);

const PAGE = { width: 300, height: 200, turns: false };
const MARGINS = { top: 10, right: 20, bottom: 30, left: 40 };
const AREA = { left: 40, right: 280, bottom: 30, top: 190 };
const IMAGE: Placeable = { image: { width: 80, height: 60 }, orientation: 1, dpi: { x: 144, y: 72 } };

const layoutOf = (fit: Fit): PageLayout => ({ page: PAGE, margins: MARGINS, fit, dpi: undefined });

function turned(side: Side, quarters: number): Side {
  return CLOCKWISE[(CLOCKWISE.indexOf(side) + quarters) % 4] ?? side;
}

/** The image on the page as its sides. */
function boxOf({ matrix: [a, b, c, d, e, f] }: Placement): Readonly<Record<Side, number>> {
  const [xs, ys] = [[e, e + a + c].sort(ascending), [f, f + b + d].sort(ascending)];
  return { left: xs[0] ?? 0, right: xs[1] ?? 0, bottom: ys[0] ?? 0, top: ys[1] ?? 0 };
}

const ascending = (one: number, other: number): number => one - other;

function apply({ matrix: [a, b, c, d, e, f] }: Placement, [x, y]: Point): Point {
  return [a * x + c * y + e, b * x + d * y + f];
}

/** The corner between two sides, one of which is horizontal. */
function corner(box: Readonly<Record<Side, number>>, one: Side, other: Side): Point {
  const [across, along] = one === 'left' || one === 'right' ? [one, other] : [other, one];
  return [box[across], box[along]];
}

function expectPoint([x, y]: Point, [wantedX, wantedY]: Point): void {
  expect(x).toBeCloseTo(wantedX, 2);
  expect(y).toBeCloseTo(wantedY, 2);
}

const cases = ORIENTATIONS.flatMap((orientation) =>
  ROTATIONS.flatMap((rotation) => FITS.map((fit) => [orientation, rotation, fit] as const)),
);

describe('an image on a page of fixed size', () => {
  it.each(cases)(
    'with orientation %i, rotated by %i, fit=%s has its corners in place',
    (orientation, rotation, fit) => {
      const placement = placeFrame({ ...IMAGE, orientation }, layoutOf(fit), rotation);
      const box = boxOf(placement);
      const [row, column] = SIDES[orientation].map((side) => turned(side, rotation / 90)) as [Side, Side];
      expectPoint(apply(placement, [0, 1]), corner(box, row, column));
      expectPoint(apply(placement, [1, 1]), corner(box, row, turned(column, 2)));
      expectPoint(apply(placement, [0, 0]), corner(box, turned(row, 2), column));
    },
  );

  it.each(cases)('with orientation %i, rotated by %i, fit=%s fills its area', (orientation, rotation, fit) => {
    const placement = placeFrame({ ...IMAGE, orientation }, layoutOf(fit), rotation);
    const box = boxOf(placement);
    const [width, height] = [box.right - box.left, box.top - box.bottom];
    // 80 pixels at 144 dpi are 40 points, 60 pixels at 72 dpi are 60 points.
    const lies = orientation >= 5 !== (rotation === 90 || rotation === 270);
    const natural = lies ? { width: 60, height: 40 } : { width: 40, height: 60 };
    const [across, along] = [240 / natural.width, 160 / natural.height];
    const scale = { contain: Math.min(across, along), cover: Math.max(across, along), shrink: 1, fill: undefined }[fit];
    expect(width).toBeCloseTo(scale === undefined ? 240 : natural.width * scale, 2);
    expect(height).toBeCloseTo(scale === undefined ? 160 : natural.height * scale, 2);
    expect((box.left + box.right) / 2).toBeCloseTo((AREA.left + AREA.right) / 2, 2);
    expect((box.bottom + box.top) / 2).toBeCloseTo((AREA.bottom + AREA.top) / 2, 2);
    expect(placement.clip).toEqual(fit === 'cover' && across !== along ? CLIP : undefined);
    expect(placement).toMatchObject({ width: 300, height: 200, userUnit: 1 });
  });

  const CLIP = { x: 40, y: 30, width: 240, height: 160 };

  it('is reduced by fit=shrink if it is larger than the area', () => {
    const large = { ...IMAGE, image: { width: 4_000, height: 3_000 } };
    expect(placeFrame(large, layoutOf('shrink'))).toEqual(placeFrame(large, layoutOf('contain')));
  });

  it.each([
    [80, 60, [300, 200]],
    [60, 80, [200, 300]],
    [60, 60, [200, 300]],
  ])('of %i x %i pixels turns a page that may turn', (width, height, page) => {
    const layout: PageLayout = { ...AUTO_LAYOUT, page: { width: 200, height: 300, turns: true } };
    const placement = placeFrame({ image: { width, height }, orientation: 1, dpi: undefined }, layout);
    expect([placement.width, placement.height]).toEqual(page);
  });

  it('turns the page by what is seen, after orientation and rotation', () => {
    const layout: PageLayout = { ...AUTO_LAYOUT, page: { width: 200, height: 300, turns: true } };
    const widthOf = (orientation: Orientation, rotation: Rotation): number =>
      placeFrame({ image: { width: 80, height: 60 }, orientation, dpi: undefined }, layout, rotation).width;
    expect([widthOf(1, 0), widthOf(6, 0), widthOf(1, 90), widthOf(6, 90)]).toEqual([300, 200, 200, 300]);
  });
});

describe('an image on a page of its own size', () => {
  const place = (width: number, height: number, layout = AUTO_LAYOUT, dpi = { x: 72, y: 72 }): Placement =>
    placeFrame({ image: { width, height }, orientation: 1, dpi }, layout);

  it('has the resolution of each axis', () => {
    expect(place(1728, 1078, AUTO_LAYOUT, { x: 204, y: 98 })).toMatchObject({ width: 609.882, height: 792 });
  });

  it('keeps the shape of its pixels at a requested resolution', () => {
    const layout = { ...AUTO_LAYOUT, dpi: 102 };
    expect(place(1728, 1078, layout, { x: 204, y: 98 })).toMatchObject({ width: 1219.765, height: 1584 });
  });

  it('has its margins around it', () => {
    expect(place(100, 50, { ...AUTO_LAYOUT, margins: MARGINS })).toEqual({
      ...{ width: 160, height: 90, userUnit: 1, clip: undefined },
      matrix: [100, 0, 0, 50, 40, 30],
    });
  });

  it.each([
    [14_400, 10_000, 1, [14_400, 10_000]],
    [14_401, 10_000, 2, [7_200.5, 5_000]],
    [65_535, 100, 5, [13_107, 20]],
    [100, 28_801, 3, [33.333, 9_600.333]],
  ])('of %i x %i points is measured in units of %i points', (width, height, userUnit, sides) => {
    const placement = place(width, height);
    expect(placement.userUnit).toBe(userUnit);
    expect([placement.width, placement.height]).toEqual(sides);
    expect(boxOf(placement)).toEqual({ left: 0, bottom: 0, right: sides[0], top: sides[1] });
  });

  it.each([
    ['enlarged', 1, 1, [3, 3], { left: 0, bottom: 0, right: 3, top: 3 }],
    ['enlarged', 300, 2, [450, 3], { left: 0, bottom: 0, right: 450, top: 3 }],
    ['centred', 14_400, 1, [14_400, 3], { left: 0, bottom: 1, right: 14_400, top: 2 }],
    ['centred', 28_800, 2, [14_400, 3], { left: 0, bottom: 1, right: 14_400, top: 2 }],
  ])('is %s if %i x %i points are less than the shortest side of a page', (_how, width, height, page, box) => {
    const placement = place(width, height);
    expect([placement.width, placement.height]).toEqual(page);
    expect(boxOf(placement)).toEqual(box);
  });

  it('never vanishes', () => {
    const { matrix } = place(50_000_000, 1);
    expect(matrix[3]).toBeGreaterThan(0);
  });
});
