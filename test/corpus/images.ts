/**
 * Makes a PDF of every image of some folders, and compares the pixels in it, as poppler decodes them, with those of
 * Pillow. Arguments: folder for work, then folders of images. Exit status 1 if a pixel of a lossless format differs, or
 * if a file ends in anything but a result or an error that names it.
 */
import { execFile } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { WarmChild } from '@pdf-tools/harness/warm-child';

const run = promisify(execFile);
const LIMITS = { ms: 60_000, bytes: 1536 * 2 ** 20 };
/** Python files are not compiled, so this one stays in the source folder. */
const COMPARE = fileURLToPath(new URL('../../corpus/peers/compare-images.py', import.meta.url));
const EXTENSIONS = /\.(?:jpe?g|png|webp|gif|tiff?|avif|hei[cf]|jp2|j2k|bmp|ico|p[bgp]m|svg)$/i;
/** Decoders of these formats differ in rounding. */
const LOSSY = new Set(['.jpg', '.jpeg', '.webp', '.avif', '.heic', '.heif', '.jp2', '.j2k', '.tif', '.tiff']);
/** Maximum mean difference of samples. Decoders also interpolate chroma in different ways. */
const MAX_LOSSY_MEAN = 2;
const MAX_COMPARED_BITS = 8;

interface Comparison {
  readonly frames: number;
  readonly compared: number;
  readonly worst: number;
  readonly mean: number;
  readonly why?: string;
}

interface Outcome {
  readonly line: string;
  readonly passed: boolean;
}

const [folder = '', ...roots] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const child = new WarmChild(LIMITS);
await child.start();
let failed = 0;
let count = 0;
for (const root of roots) {
  const names = (await readdir(root, { recursive: true })).filter((name) => EXTENSIONS.test(name)).sort();
  for (const name of names) {
    const { line, passed } = await tryImage(join(root, name));
    console.log(`${passed ? 'ok    ' : 'FAILED'} ${relative(root, join(root, name))}: ${line}`);
    count += 1;
    if (!passed) failed += 1;
  }
}
child.stop();
console.log(`${count} images, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function tryImage(path: string): Promise<Outcome> {
  const pdf = join(folder, 'result.pdf');
  const { kind, answer } = await child.run({ operation: 'image-to-pdf', files: [path], outputPath: pdf });
  if (!answer) {
    await child.start();
    return { line: kind, passed: false };
  }
  if (!answer.ok)
    return { line: `refused: ${answer.code}: ${answer.detail}`, passed: answer.code !== 'internal_error' };
  const comparison = await compare(path, pdf);
  const { compared, worst, mean, why } = comparison;
  const text = `${compared} of ${comparison.frames} frames compared, largest difference ${worst}`;
  return {
    line: why === undefined ? text : `${text} (${why})`,
    passed: LOSSY.has(extname(path).toLowerCase()) ? mean <= MAX_LOSSY_MEAN : worst === 0,
  };
}

async function compare(path: string, pdf: string): Promise<Comparison> {
  const images = join(folder, 'images');
  await rm(images, { recursive: true, force: true });
  await mkdir(images);
  await run('qpdf', ['--check', pdf]);
  const { stdout: list } = await run('pdfimages', ['-list', pdf]);
  await run('pdfimages', ['-png', pdf, join(images, 'image')], { timeout: 120_000 });
  const columns = list
    .trim()
    .split('\n')
    .slice(2)
    .map((line) => line.trim().split(/\s+/));
  // pdfimages gives wrong values for samples of 16 bits.
  if (columns.some((column) => Number(column[7]) > MAX_COMPARED_BITS))
    return { frames: 0, compared: 0, worst: 0, mean: 0, why: 'samples of 16 bits' };
  const names = (await readdir(images)).sort((left, right) => numberIn(left) - numberIn(right));
  const shown = names.filter((_name, at) => columns[at]?.[2] === 'image').map((name) => join(images, name));
  const { stdout } = await run('/usr/bin/python3', [COMPARE, path, ...shown], { maxBuffer: 2 ** 20 });
  return JSON.parse(stdout) as Comparison;
}

function numberIn(name: string): number {
  return Number(/-(\d+)\./.exec(name)?.[1]);
}
