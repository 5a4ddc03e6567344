import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PDFDocument, StandardFonts } from 'pdf-lib';
import sharp from 'sharp';
import { everything } from '@pdf-tools/harness/documents/everything';
import { listPdfs } from '../corpus/known.js';
import { ask } from '../corpus/readers.js';
import { PYPDF2 } from './contenders.js';

/** Files to merge, and how often each contender merges them. */
export interface Case {
  readonly name: string;
  readonly files: readonly string[];
  readonly rounds: number;
}

const MIXED = { files: 50, bytes: 6 * 2 ** 20, largest: 600 * 1024 };

/** Folder for inputs, folder of a corpus, and a Python with PyPDF2. The last two are empty if they do not exist. */
interface Places {
  readonly folder: string;
  readonly corpus: string;
  readonly python: string;
}

/** Returns the inputs of all cases and generates missing ones, with the same bytes every time. */
export async function readyCases({ folder, corpus, python }: Places): Promise<Case[]> {
  const place = (name: string): string => join(folder, name);
  return [
    { name: '2 small', files: await generated(place('small'), 2, photoPage), rounds: 15 },
    {
      name: `50 mixed (${corpus === '' ? 'generated' : 'of the corpus'})`,
      files:
        corpus === ''
          ? await generated(place('mixed'), MIXED.files, mixedFile)
          : await chosen({ folder, corpus, python }),
      rounds: 9,
    },
    // Written as most libraries write, such as ReportLab, wkhtmltopdf and PyPDF2.
    {
      name: '500 x 10 pages, cross-reference tables',
      files: await generated(place('tables'), 500, (index) => report(index, false)),
      rounds: 5,
    },
    { name: '500 x 10 pages, object streams', files: await generated(place('reports'), 500, report), rounds: 5 },
    { name: '5 x 40 MB of scans', files: await generated(place('scans'), 5, scans40), rounds: 5 },
  ];
}

/** Returns three files of 45 MB together for an upload, below the limit of 50 MiB. */
export function readyUpload(folder: string): Promise<string[]> {
  return generated(join(folder, 'upload'), 3, (index) => scan(index, index === 0 ? 17_000_000 : 13_000_000));
}

async function generated(
  folder: string,
  count: number,
  make: (index: number) => Promise<Uint8Array>,
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (let index = 0; index < count; index++) {
    const path = join(folder, `${String(index).padStart(3, '0')}.pdf`);
    if (!(await exists(path))) {
      await writeFile(`${path}.part`, await make(index));
      await rename(`${path}.part`, path);
    }
    files.push(path);
  }
  return files;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Returns corpus files, spread over it, that qpdf, pdf-lib and PyPDF2 can read and that are not encrypted. */
async function chosen({ folder, corpus, python }: Places): Promise<string[]> {
  const list = join(folder, 'mixed.json');
  const known = await readFile(list, 'utf8').catch(() => undefined);
  if (known !== undefined) return JSON.parse(known) as string[];
  const sizes = new Map<string, number>();
  for (const path of await listPdfs(corpus)) sizes.set(path, (await stat(path)).size);
  const fitting = [...sizes].filter(([, bytes]) => bytes <= MIXED.largest);
  const files: string[] = [];
  let bytes = 0;
  // 7 has no factor in common with most counts, so the order visits every folder repeatedly.
  for (let n = 0; n < fitting.length && files.length < MIXED.files; n++) {
    const [path, size] = fitting[(n * 7) % fitting.length] ?? ['', 0];
    const wanted = (MIXED.bytes * (files.length + 1)) / MIXED.files;
    if (
      files.includes(path) ||
      Math.abs(bytes + size - wanted) > MIXED.bytes / 8 ||
      !(await isSound(path, { folder, python }))
    )
      continue;
    files.push(path);
    bytes += size;
  }
  await writeFile(list, JSON.stringify(files));
  return files;
}

async function isSound(path: string, { folder, python }: Omit<Places, 'corpus'>): Promise<boolean> {
  const [check, encryption] = [await ask('qpdf', ['--check', path]), await ask('qpdf', ['--is-encrypted', path])];
  if (check.status !== 0 || encryption.status === 0) return false;
  if (python !== '' && (await ask(python, [PYPDF2, join(folder, 'tried.pdf'), path])).status !== 0) return false;
  return PDFDocument.load(await readFile(path)).then(
    () => true,
    () => false,
  );
}

/** Makes one page of text and a photo of half a megabyte. */
async function photoPage(index: number): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false });
  const image = await document.embedJpg(await photo({ seed: index, width: 1_000, height: 750 }));
  const page = document.addPage([595, 842]);
  page.drawText(`photo ${index}`, { x: 50, y: 800, size: 18 });
  page.drawImage(image, { x: 50, y: 300, width: 495, height: 371 });
  return document.save();
}

/** Makes a report, a photo or a document with all features, by index. */
async function mixedFile(index: number): Promise<Uint8Array> {
  if (index % 5 === 0) return photoPage(index);
  return index % 2 === 0 ? report(index) : everything({ label: `d${index}`, pages: 4 + (index % 9) });
}

/** Makes ten pages of text with a logo of 25 KB that all reports share. */
async function report(index: number, useObjectStreams = true): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false });
  const font = await document.embedFont(StandardFonts.Helvetica);
  const logo = await document.embedJpg(await photo({ seed: 4_711, width: 220, height: 160 }));
  for (let page = 0; page < 10; page++) {
    const sheet = document.addPage([595, 842]);
    sheet.drawImage(logo, { x: 450, y: 740, width: 110, height: 80 });
    sheet.drawText(`Report ${index}, page ${page + 1}`, { x: 50, y: 780, size: 16, font });
    const lines = Array.from(
      { length: 45 },
      (_, line) => `${index}.${page}.${line} ${words(index * 450 + page * 45 + line)}`,
    );
    sheet.drawText(lines.join('\n'), { x: 50, y: 720, size: 10, lineHeight: 14, font });
  }
  return document.save({ useObjectStreams });
}

function words(seed: number): string {
  return Array.from({ length: 12 }, (_, n) => ((seed * 2_654_435_761 + n * 40_503) >>> 0).toString(36)).join(' ');
}

function scans40(index: number): Promise<Uint8Array> {
  return scan(index, 40_000_000);
}

/** Makes pages with 300 dpi images until the file has `size` bytes. */
async function scan(index: number, size: number): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false });
  for (let [page, bytes] = [0, 0]; bytes < size; page++) {
    const jpeg = await photo({ seed: 1_000 * index + page, width: 2_480, height: 3_508 });
    document.addPage([595, 842]).drawImage(await document.embedJpg(jpeg), { x: 0, y: 0, width: 595, height: 842 });
    bytes += jpeg.length;
  }
  return document.save();
}

/** Returns grain on a gradient, from a linear congruential generator. */
async function photo({ seed, width, height }: { seed: number; width: number; height: number }): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height);
  let state = seed + 1;
  for (let i = 0; i < pixels.length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    pixels[i] = ((i / width) % 180) + ((state >>> 16) % 64);
  }
  return sharp(pixels, { raw: { width, height, channels: 1 } })
    .jpeg({ quality: 80 })
    .toBuffer();
}
