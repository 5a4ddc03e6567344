import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { PDFDocument, StandardFonts } from 'pdf-lib';
import sharp from 'sharp';
import { encodeCcittG4 } from '@pdf-tools/pdf';
import { ask } from '../corpus/readers.js';
import { Random, addGrain, deadLeaves } from './synthetic-photo.js';

/** A file whose pages have one image each, and the number of its pages. */
export interface ImageSet {
  readonly name: string;
  readonly path: string;
  readonly pages: number;
}

interface Kind {
  readonly name: string;
  readonly pages: number;
  readonly page: (document: PDFDocument, index: number, work: string) => Promise<void>;
}

const A4 = { width: 595, height: 842 } as const;
/** A4 at 300 dpi. */
const SCAN = { width: 2_480, height: 3_508 } as const;
/** Part of the file names. It changes when the generated pages change. */
const VERSION = 4;
const deflateAsync = promisify(deflate);

const KINDS: readonly Kind[] = [
  { name: 'photos', pages: 8, page: photoPage },
  { name: 'scans', pages: 40, page: scanPage },
  { name: 'gray', pages: 10, page: grayPage },
  { name: 'bilevel', pages: 20, page: bilevelPage },
];

/** Returns the sets with these names, or all. Generates missing ones, always with the same bytes. */
export async function readyImageSets(folder: string, names: readonly string[]): Promise<ImageSet[]> {
  await mkdir(folder, { recursive: true });
  const sets: ImageSet[] = [];
  for (const kind of KINDS.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const path = join(folder, `${kind.name}-${VERSION}.pdf`);
    const exists = await stat(path).catch(() => undefined);
    if (!exists) await generate(kind, path, folder);
    sets.push({ name: kind.name, path, pages: kind.pages });
  }
  return sets;
}

async function generate({ pages, page }: Kind, path: string, folder: string): Promise<void> {
  const work = await mkdtemp(join(folder, 'set-'));
  try {
    const document = await PDFDocument.create({ updateMetadata: false });
    for (let index = 0; index < pages; index++) await page(document, index, work);
    const part = join(work, 'part.pdf');
    await writeFile(part, await document.save());
    await rename(part, path);
  } finally {
    await rm(work, { recursive: true });
  }
}

/**
 * A photo of 1.8 to 8.5 megapixels, always drawn at the same size, at 240 to 520 dpi. Ghostscript averages whole pixels if
 * the factor is near an integer and reduces worse otherwise, so that a single resolution shows only one of the two.
 */
async function photoPage(document: PDFDocument, index: number): Promise<void> {
  const area = { width: 495, height: 330 };
  const dpi = 240 + 40 * index;
  const size = { width: Math.round((area.width * dpi) / 72), height: Math.round((area.height * dpi) / 72) };
  const pixels = addGrain(await deadLeaves(index, size), new Random(index), 1.5);
  const jpeg = await sharp(pixels, { raw: { ...size, channels: 3 } })
    .jpeg({ quality: 88 })
    .toBuffer();
  const image = await document.embedJpg(jpeg);
  document.addPage([A4.width, A4.height]).drawImage(image, { x: 50, y: 300, ...area });
}

/** A scanned page in colour. Every third page has a photo. */
async function scanPage(document: PDFDocument, index: number, work: string): Promise<void> {
  const pixels = await scanned(index, work, index % 3 === 0);
  const jpeg = await sharp(pixels, { raw: { ...SCAN, channels: 3 } })
    .jpeg({ quality: 75 })
    .toBuffer();
  const image = await document.embedJpg(jpeg);
  document.addPage([A4.width, A4.height]).drawImage(image, { x: 0, y: 0, ...A4 });
}

/** A scanned page in grey, losslessly encoded. Every second page has a photo. */
async function grayPage(document: PDFDocument, index: number, work: string): Promise<void> {
  const pixels = await scanned(100 + index, work, index % 2 === 0);
  const gray = await sharp(pixels, { raw: { ...SCAN, channels: 3 } })
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  const entries = { ColorSpace: 'DeviceGray', BitsPerComponent: 8, Filter: 'FlateDecode' };
  drawRaw(document, await deflateAsync(gray), entries);
}

/** A page of text as scanners write it in black and white, with specks. */
async function bilevelPage(document: PDFDocument, index: number, work: string): Promise<void> {
  const gray = await sharp(await textPage(200 + index, work))
    .rotate(((index % 5) - 2) / 8, { background: '#fff' })
    .resize(SCAN.width, SCAN.height, { fit: 'cover' })
    .blur(1)
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  const random = new Random(200 + index);
  const stride = SCAN.width / 8;
  const data = Buffer.alloc(stride * SCAN.height);
  for (const [at, sample] of gray.entries()) {
    // Noise of the sensor moves the edges of strokes, and leaves a few specks.
    const isBlack = sample + random.normal() * 12 < 128 || random.next() < 2e-5;
    if (isBlack) data[at >> 3] = (data[at >> 3] ?? 0) | (0x80 >> (at & 7));
  }
  const parms = { K: -1, Columns: SCAN.width, Rows: SCAN.height };
  const entries = { ColorSpace: 'DeviceGray', BitsPerComponent: 1, Filter: 'CCITTFaxDecode', DecodeParms: parms };
  drawRaw(document, encodeCcittG4({ ...SCAN, data }), entries);
}

type Entries = Record<string, string | number | Record<string, number>>;

function drawRaw(document: PDFDocument, data: Uint8Array, entries: Entries): void {
  const { context } = document;
  const size = { Width: SCAN.width, Height: SCAN.height };
  const image = context.register(context.stream(data, { Type: 'XObject', Subtype: 'Image', ...size, ...entries }));
  const page = document.addPage([A4.width, A4.height]);
  const name = page.node.newXObject('Im', image);
  page.node.addContentStream(
    context.register(context.stream(`q ${A4.width} 0 0 ${A4.height} 0 0 cm ${name.toString()} Do Q`)),
  );
}

/** The samples of a page on paper that a scanner sees askew, unevenly lit and with noise. */
async function scanned(index: number, work: string, hasPhoto: boolean): Promise<Buffer> {
  const inset = { width: 1_400, height: 900 };
  const photo = hasPhoto
    ? await sharp(await deadLeaves(index, inset), { raw: { ...inset, channels: 3 } })
        .png({ compressionLevel: 1 })
        .toBuffer()
    : undefined;
  const page = await sharp(await textPage(index, work))
    .composite(photo ? [{ input: photo, left: 540, top: 2_200 }] : [])
    .png({ compressionLevel: 1 })
    .toBuffer();
  const pixels = await sharp(page)
    .rotate(((index % 7) - 3) / 8, { background: '#fff' })
    .resize(SCAN.width, SCAN.height, { fit: 'cover' })
    .blur(0.8)
    .toColourspace('srgb')
    .raw()
    .toBuffer();
  const rowBytes = SCAN.width * 3;
  for (let at = 0; at < pixels.length; at += 1) {
    const [x, y] = [(at % rowBytes) / rowBytes, Math.floor(at / rowBytes) / SCAN.height];
    const light = 0.97 - 0.06 * (x - 0.4) ** 2 - 0.08 * (y - 0.6) ** 2 - (at % 3 === 2 ? 0.03 : 0);
    pixels[at] = (pixels[at] ?? 0) * light;
  }
  return addGrain(pixels, new Random(index), 2.5);
}

/** A PNG of a page of text at 300 dpi, as poppler renders it. */
async function textPage(index: number, work: string): Promise<Buffer> {
  const document = await PDFDocument.create({ updateMetadata: false });
  const font = await document.embedFont(index % 2 === 0 ? StandardFonts.TimesRoman : StandardFonts.Helvetica);
  const page = document.addPage([A4.width, A4.height]);
  const random = new Random(index);
  page.drawText(`Report ${index}`, { x: 60, y: 770, size: 20, font });
  const lines = Array.from({ length: 34 }, () => Array.from({ length: 13 }, () => word(random)).join(' '));
  page.drawText(lines.join('\n'), { x: 60, y: 735, size: 10.5, lineHeight: 15, font });
  const [source, target] = [join(work, 'text.pdf'), join(work, 'text')];
  await writeFile(source, await document.save());
  const { status } = await ask('pdftoppm', ['-r', '300', '-png', '-singlefile', source, target]);
  if (status !== 0) throw new Error(`pdftoppm ended with ${status}`);
  return readFile(`${target}.png`);
}

const LETTERS = 'eeeeeetttttaaaaooooiiiinnnnsssrrrhhhlddcumfpgwybvkxq';

function word(random: Random): string {
  const length = 2 + Math.floor(random.next() * 8);
  return Array.from({ length }, () => LETTERS[Math.floor(random.next() * LETTERS.length)]).join('');
}
