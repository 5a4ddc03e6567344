import { describe, expect, it, jest } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import imageToPdf from '@pdf-tools/operations/image-to-pdf/definition';
import mergePdf from '@pdf-tools/operations/merge-pdf/definition';
import { documentOf } from '@pdf-tools/harness/documents/documents';
import { produce } from '@pdf-tools/harness/documents/workshop';
import { RENDERERS, renderPages } from '../corpus/frames.js';
import type { Frame, Renderer } from '../corpus/frames.js';
import { ask, qpdfCheck } from '../corpus/readers.js';

jest.setTimeout(240_000);

const COLORS = {
  red: [255, 0, 0],
  lime: [0, 255, 0],
  blue: [0, 0, 255],
  black: [0, 0, 0],
  white: [255, 255, 255],
  yellow: [255, 255, 0],
} as const;
type Color = keyof typeof COLORS;

/** Quarters of an upright image, clockwise from the top left. */
const UPRIGHT: readonly Color[] = ['red', 'lime', 'blue', 'black'];

/** Stores an upright image in an orientation (the inverse of EXIF's table). libvips mirrors before it rotates. */
const STORED: Readonly<Record<number, (image: Sharp) => Sharp>> = {
  1: (image) => image,
  2: (image) => image.flop(),
  3: (image) => image.rotate(180),
  4: (image) => image.flip(),
  5: (image) => image.flop().rotate(270),
  6: (image) => image.rotate(270),
  7: (image) => image.flop().rotate(90),
  8: (image) => image.rotate(90),
};

/** An image of four quarters, 120 x 80 pixels upright, stored in an orientation. */
async function quarters(orientation: number, declared = orientation): Promise<Buffer> {
  const [width, height] = [120, 80];
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const name = UPRIGHT[y < height / 2 ? (x < width / 2 ? 0 : 1) : x < width / 2 ? 3 : 2] ?? 'white';
      data.set(COLORS[name], (y * width + x) * 3);
    }
  const upright = await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  const store = STORED[orientation] ?? ((image: Sharp) => image);
  const stored = await store(sharp(upright)).png().toBuffer();
  const jpeg = await sharp(stored)
    .withMetadata({ orientation: Math.max(1, declared), density: 72 })
    .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
    .toBuffer();
  return declared === 0 ? withOrientationZero(jpeg) : jpeg;
}

/** Some cameras write the orientation 0, which EXIF does not define. */
function withOrientationZero(jpeg: Buffer): Buffer {
  const tag = [Buffer.from([0x12, 0x01, 3, 0, 1, 0, 0, 0]), Buffer.from([0x01, 0x12, 0, 3, 0, 0, 0, 1])];
  const at = Math.max(...tag.map((entry) => jpeg.indexOf(entry)));
  if (at < 0) throw new Error('no orientation');
  jpeg.fill(0, at + 8, at + 12);
  return jpeg;
}

/** Runs work on the path of a file with these bytes. */
async function withFile<T>(bytes: Buffer, work: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'pdf-tools-pages-'));
  try {
    const path = join(folder, 'result.pdf');
    await writeFile(path, bytes);
    return await work(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function render(bytes: Buffer, renderer: Renderer, dpi = 72): Promise<Frame[]> {
  return withFile(bytes, async (path) => {
    const frames: Frame[] = [];
    await renderPages(path, { renderer, pages: Infinity, dpi }, (frame) => {
      frames.push(frame);
      return Promise.resolve(true);
    });
    return frames;
  });
}

/** The color nearest to that of a pixel. */
function colorAt({ width, data }: Frame, x: number, y: number): Color {
  const pixel = data.subarray((Math.floor(y) * width + Math.floor(x)) * 3).subarray(0, 3);
  const distance = (name: Color): number =>
    COLORS[name].reduce<number>((sum, value, at) => sum + Math.abs(value - (pixel[at] ?? 0)), 0);
  return (Object.keys(COLORS) as Color[]).reduce((best, name) => (distance(name) < distance(best) ? name : best));
}

interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The colors inside the corners of an area, clockwise from the top left, 2 pixels from its sides. */
function insideOf(frame: Frame, { left, top, right, bottom }: Area): Color[] {
  return corners(frame, { left: left + 2, top: top + 2, right: right - 3, bottom: bottom - 3 });
}

/** The colors outside of the corners of an area. */
function outsideOf(frame: Frame, { left, top, right, bottom }: Area): Color[] {
  return corners(frame, { left: left - 3, top: top - 3, right: right + 2, bottom: bottom + 2 });
}

function corners(frame: Frame, { left, top, right, bottom }: Area): Color[] {
  return [
    colorAt(frame, left, top),
    colorAt(frame, right, top),
    colorAt(frame, right, bottom),
    colorAt(frame, left, bottom),
  ];
}

function turned(colors: readonly Color[], degrees: number): Color[] {
  const quarter = degrees / 90;
  return colors.map((_color, at) => colors[(at - quarter + 4) % 4] ?? 'white');
}

async function pagesOf(jpegs: readonly Buffer[], params: Readonly<Record<string, unknown>>): Promise<Buffer> {
  const files = jpegs.map((jpeg, at) => [`${at}.jpg`, jpeg] as const);
  return (await produce(imageToPdf, files, { params })).bytes;
}

const orientations = [1, 2, 3, 4, 5, 6, 7, 8];
const AROUND = { page_size: '300x300pt', margin: '20pt 30pt 40pt 50pt', background: 'yellow' };
/** The area within the margins in pixels of 72 dpi. */
const WITHIN: Area = { left: 50, top: 20, right: 270, bottom: 260 };

/** The sides of a box of a size in the middle of the margins. */
function middle(width: number, height: number): Area {
  const [x, y] = [(WITHIN.left + WITHIN.right) / 2, (WITHIN.top + WITHIN.bottom) / 2];
  return { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
}

describe.each(RENDERERS)('pages of images as %s shows them', (renderer) => {
  it.each([0, 90, 180, 270])('have every orientation upright before they are rotated by %i', async (rotate) => {
    const jpegs = await Promise.all(orientations.map((orientation) => quarters(orientation)));
    const frames = await render(await pagesOf(jpegs, { rotate }), renderer);
    const isUpright = rotate % 180 === 0;
    const [width, height] = isUpright ? [120, 80] : [80, 120];
    expect(frames.map((frame) => [frame.width, frame.height])).toEqual(orientations.map(() => [width, height]));
    const whole = { left: 0, top: 0, right: width, bottom: height };
    expect(frames.map((frame) => insideOf(frame, whole))).toEqual(orientations.map(() => turned(UPRIGHT, rotate)));
  });

  it('take the orientation 0 for upright', async () => {
    const [frame] = await render(await pagesOf([await quarters(1, 0)], {}), renderer);
    expect(frame && insideOf(frame, { left: 0, top: 0, right: 120, bottom: 80 })).toEqual(UPRIGHT);
  });

  it.each([
    ['contain', 0, middle(220, 220 / 1.5), true],
    ['contain', 90, middle(160, 240), true],
    ['shrink', 0, middle(120, 80), true],
    ['shrink', 270, middle(80, 120), true],
    ['fill', 0, WITHIN, true],
    ['fill', 180, WITHIN, true],
    ['cover', 0, WITHIN, true],
    ['cover', 90, WITHIN, true],
  ])('have the image in place with fit=%s and rotate=%i', async (fit, rotate, area) => {
    const jpegs = await Promise.all(orientations.map((orientation) => quarters(orientation)));
    const frames = await render(await pagesOf(jpegs, { ...AROUND, fit, rotate }), renderer);
    expect(frames.map((frame) => insideOf(frame, area))).toEqual(orientations.map(() => turned(UPRIGHT, rotate)));
    expect(frames.flatMap((frame) => outsideOf(frame, area)).filter((color) => color !== 'yellow')).toEqual([]);
  });

  it('are rotated one by one', async () => {
    const jpeg = await quarters(1);
    const frames = await render(await pagesOf([jpeg, jpeg, jpeg], { rotate: '0,90,180' }), renderer);
    const shown = frames.map((frame) => insideOf(frame, { left: 0, top: 0, right: frame.width, bottom: frame.height }));
    expect(shown).toEqual([0, 90, 180].map((degrees) => turned(UPRIGHT, degrees)));
  });

  it('show the background through transparent parts', async () => {
    const clear = { r: 0, g: 0, b: 0, alpha: 0 };
    const png = await sharp({ create: { width: 20, height: 20, channels: 4, background: clear } })
      .composite([{ input: { create: { width: 10, height: 20, channels: 4, background: 'red' } }, left: 0, top: 0 }])
      .png()
      .toBuffer();
    const show = async (params: Readonly<Record<string, unknown>>): Promise<Color[]> => {
      const { bytes } = await produce(imageToPdf, [['a.png', png]], { params: { dpi: 72, ...params } });
      const [frame] = await render(bytes, renderer);
      return frame ? [colorAt(frame, 4, 10), colorAt(frame, 15, 10)] : [];
    };
    expect(await show({})).toEqual(['red', 'white']);
    expect(await show({ background: '#00f' })).toEqual(['red', 'blue']);
  });

  it('have both resolutions of an image whose pixels are not square', async () => {
    const jpeg = await sharp({ create: { width: 204, height: 98, channels: 3, background: 'red' } })
      .jpeg()
      .toBuffer();
    const jfif = Buffer.from('\xff\xe0\0\x10JFIF\0\x01\x02\x01\0\xcc\0\x62\0\0', 'latin1');
    const fax = Buffer.concat([jpeg.subarray(0, 2), jfif, jpeg.subarray(2)]);
    const [frame] = await render(await pagesOf([fax], {}), renderer);
    expect([frame?.width, frame?.height]).toEqual([72, 72]);
  });

  it('are the same in a merge', async () => {
    const jpegs = await Promise.all(orientations.map((orientation) => quarters(orientation)));
    const files = jpegs.map((jpeg, at) => [`${at}.jpg`, jpeg] as const);
    const merged = await produce(mergePdf, [...files, ['a.pdf', await documentOf(200)]]);
    const [frames, expected] = [await render(merged.bytes, renderer), await render(await pagesOf(jpegs, {}), renderer)];
    expect(frames.slice(0, -1)).toEqual(expected);
    expect(frames).toHaveLength(9);
  });
});

describe('a page that is longer than 14,400 points', () => {
  it('has units that readers of its size understand', async () => {
    const params = { dpi: 10, background: 'yellow', margin: '1in' };
    const strip = await sharp({ create: { width: 4000, height: 100, channels: 3, background: 'red' } })
      .jpeg()
      .toBuffer();
    const { bytes } = await produce(imageToPdf, [['strip.jpg', strip]], { params });
    const facts = await withFile(bytes, async (path) => {
      const { status } = await qpdfCheck(path);
      const pages = (await ask('mutool', ['pages', path])).text;
      return {
        status,
        sides: /MediaBox.*r="(\d+)" t="(\d+)"/.exec(pages)?.slice(1),
        unit: /UserUnit v="(\d+)/.exec(pages)?.[1],
      };
    });
    // 4,000 pixels at 10 dpi are 28,800 points.
    expect(facts).toEqual({ status: 0, sides: ['9648', '288'], unit: '3' });
    const [frame] = await render(bytes, 'mutool', 7.2);
    expect([frame?.width, frame?.height]).toEqual([2895, 87]);
    const area = { left: 8, top: 8, right: 2888, bottom: 80 };
    expect(frame && insideOf(frame, area)).toEqual(['red', 'red', 'red', 'red']);
    expect(frame && outsideOf(frame, area)).toEqual(['yellow', 'yellow', 'yellow', 'yellow']);
  });
});
