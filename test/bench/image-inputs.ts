import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { addGrain, deadLeaves, Random } from './synthetic-photo.js';

/** Images that are made into one PDF. */
export interface ImageCase {
  readonly name: string;
  readonly files: readonly string[];
  readonly rounds: number;
}

const PHOTO = { width: 4000, height: 3000 } as const;
/** A4 at 300 dpi. */
const SHEET = { width: 2480, height: 3508 } as const;
const MANY = 500;

/** Draws the images of each case into a folder, unless they are there. `wanted` has parts of names; empty means all. */
export async function readyImages(folder: string, wanted: readonly string[]): Promise<ImageCase[]> {
  const cases: ImageCase[] = [];
  const photo = photoOf();
  for (const [name, rounds, count, make] of recipes(photo)) {
    if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
    const place = join(folder, name);
    await mkdir(place, { recursive: true });
    for (let nth = (await readdir(place)).length; nth < count; nth++)
      await writeFile(join(place, `${String(nth).padStart(3, '0')}.${name.split('-')[0] ?? ''}`), await make(nth));
    const files = (await readdir(place)).sort().map((file) => join(place, file));
    cases.push({ name, files, rounds });
  }
  return cases;
}

type Photo = () => Promise<Sharp>;
type Recipe = readonly [name: string, rounds: number, count: number, make: (nth: number) => Promise<Buffer>];

function recipes(photo: Photo): Recipe[] {
  const turned = async (nth: number): Promise<Sharp> => (await photo()).rotate(nth % 2 === 0 ? 0 : 180);
  const jpeg = async (nth: number): Promise<Buffer> => (await turned(nth)).jpeg({ quality: 80 + nth }).toBuffer();
  return [
    ['jpg-12mp', 7, 10, jpeg],
    ['png-rgb', 7, 1, async () => (await photo()).resize(3000).png().toBuffer()],
    [
      'png-rgba',
      5,
      1,
      async () =>
        (await photo())
          .resize(3000)
          .joinChannel(await alphaOf(3000, 2250))
          .png()
          .toBuffer(),
    ],
    ['png-opaque-rgba', 5, 1, async () => (await photo()).resize(3000).ensureAlpha().png().toBuffer()],
    ['png-screenshot', 7, 3, screenshot],
    ['png-1bit-a4', 7, 10, sheet],
    ['tif-lzw', 5, 1, async () => (await photo()).tiff({ compression: 'lzw', predictor: 'horizontal' }).toBuffer()],
    ['gif-256', 5, 1, async () => (await photo()).resize(1600).gif({ effort: 1 }).toBuffer()],
    ['avif-12mp', 5, 1, async () => (await photo()).avif({ effort: 0, quality: 60 }).toBuffer()],
    ['jpg-500-of-4mb', 1, MANY, async (nth) => other(await large(photo), nth)],
  ];
}

/** Returns a function that draws the photo when it is first needed. */
function photoOf(): Photo {
  let drawn: Promise<Buffer> | undefined;
  const draw = async (): Promise<Buffer> => addGrain(await deadLeaves(1, PHOTO), new Random(2), 3);
  return async () => sharp(await (drawn ??= draw()), { raw: { ...PHOTO, channels: 3 } });
}

async function alphaOf(width: number, height: number): Promise<Buffer> {
  const gradient = `<linearGradient id="g"><stop stop-color="#000"/><stop offset="1" stop-color="#fff"/></linearGradient>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${gradient}<rect width="100%" height="100%" fill="url(#g)"/></svg>`;
  return sharp(Buffer.from(svg)).removeAlpha().toColourspace('b-w').png().toBuffer();
}

/** A window with text and areas of one colour, some of which are transparent. */
async function screenshot(nth: number): Promise<Buffer> {
  const random = new Random(nth);
  const shapes = Array.from({ length: 60 }, () => {
    const [x, y, hue] = [random.next() * 1600, 60 + random.next() * 900, random.next() * 360];
    const area = `<rect x="${x}" y="${y}" width="250" height="80" rx="8" fill="hsl(${hue},60%,70%)"/>`;
    const text = Array.from(
      { length: 30 },
      (_none, at) => `<path d="M${x + 8 + at * 8} ${y + 10}v10h${random.next() * 6}"/>`,
    );
    return `${area}<g stroke="#223" fill="none">${text.join('')}</g>`;
  });
  const back = `<rect width="100%" height="100%" fill="#f4f5f7" fill-opacity="${nth === 2 ? 0.8 : 1}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1920" height="1080">${back}${shapes.join('')}</svg>`;
  const image = sharp(Buffer.from(svg));
  return (nth === 2 ? image : image.removeAlpha()).png({ adaptiveFiltering: true }).toBuffer();
}

/** A page of black shapes in rows, as text has them. */
async function sheet(nth: number): Promise<Buffer> {
  const random = new Random(nth);
  const shapes = Array.from({ length: 3000 }, (_none, at) => {
    const [x, y] = [150 + (at % 60) * 36, 150 + Math.floor(at / 60) * 64];
    return `<path d="M${x} ${y}q${random.next() * 40} ${random.next() * 40} ${random.next() * 20} 36" stroke="#000" stroke-width="6" fill="none"/>`;
  });
  const { width, height } = SHEET;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#fff"/>${shapes.join('')}</svg>`;
  const gray = sharp(Buffer.from(svg)).removeAlpha().toColourspace('b-w').threshold(128);
  return gray.png({ palette: true, colours: 2 }).toBuffer();
}

let largeJpeg: Promise<Buffer> | undefined;

function large(photo: Photo): Promise<Buffer> {
  largeJpeg ??= photo().then((image) => image.jpeg({ quality: 93 }).toBuffer());
  return largeJpeg;
}

/** Changes bits of the compressed data, so that no two files are equal. */
function other(jpeg: Buffer, nth: number): Buffer {
  const copy = Buffer.from(jpeg);
  const at = copy.length >> 1;
  for (let byte = 0; byte < 4; byte++) copy[at + byte] = 0x10 + ((nth >> (4 * byte)) & 15);
  return copy;
}

/** Returns the bytes of all files. */
export async function bytesOf(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Reads files so that they are cached. */
export async function touch(files: readonly string[]): Promise<void> {
  for (const file of files) await readFile(file);
}
