/**
 * Makes a PDF of every generated image file, and compares what poppler and mutool show of it, pixel by pixel, with what the
 * generator drew. Prints a row for each format. Arguments: folder for work, folder of cases, with their list `cases.json`.
 * Exit status 1 if a case fails.
 */
import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { WarmChild } from '@pdf-tools/harness/warm-child';
import type { Answer } from '@pdf-tools/harness/warm-child';
import { absenceFaults, carriedFaults, profileFaults } from './embedded-image.js';
import { RENDERERS, renderPages } from './frames.js';
import type { Frame, Renderer } from './frames.js';

const run = promisify(execFile);
const LIMITS = { ms: 60_000, bytes: 1536 * 2 ** 20 };
/** One pixel of an image is one unit of the page. */
const PIXEL_DPI = 72;
/** Pixels of a render for one of the image. poppler shows pixels as squares only if it enlarges them four times or more. */
const SCALES: Readonly<Record<Renderer, number>> = { poppler: 5, mutool: 1, ghostscript: 1 };
const MAX_STREAM_BYTES = 64 * 2 ** 20;
/** Largest relative error of a resolution. Sides of pages are rounded. */
const MAX_DPI_ERROR = 0.005;

interface ExpectedFrame {
  readonly width: number;
  readonly height: number;
  /** File with RGB samples of 8 bits. */
  readonly pixels: string;
}

/** A file with its pages, or the error that refuses it. */
interface Case {
  readonly file: string;
  readonly frames?: readonly ExpectedFrame[];
  /** Which readers show the colours rightly. Both by default. */
  readonly readers?: readonly Renderer[];
  /** Largest difference of a sample. */
  readonly tolerance?: number;
  /** Largest mean difference, which lossy formats have instead. */
  readonly mean?: number;
  readonly dpi?: readonly [number, number];
  /** File with the samples that the image in the PDF must have, as PDF stores them. */
  readonly exact?: string;
  /** File with samples of DeviceCMYK that the page must have. */
  readonly cmyk?: string;
  /** File with the bytes that the stream of the image must have. */
  readonly carried?: string;
  /** File with the ICC profile that the image must have. An empty one says that it must have none. */
  readonly profile?: string;
  /** Texts that the PDF must not have. */
  readonly absent?: readonly string[];
  readonly code?: string;
  readonly words?: string;
  /** Words that a note of the report must have. */
  readonly note?: string;
}

const [folder = '', source = ''] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const pdf = join(folder, 'result.pdf');
const child = new WarmChild(LIMITS);
await child.start();

const rows = new Map<string, { cases: number; failed: number }>();
for (const entry of JSON.parse(await readFile(join(source, 'cases.json'), 'utf8')) as Case[]) {
  const faults = await faultsOf(entry);
  const format = entry.file.replace(/-.*|\..*/, '');
  const row = rows.get(format) ?? { cases: 0, failed: 0 };
  rows.set(format, { cases: row.cases + 1, failed: row.failed + (faults.length > 0 ? 1 : 0) });
  for (const fault of faults) console.log(`FAILED ${entry.file}: ${fault}`);
}
child.stop();
console.log('format      cases  failed');
for (const [format, { cases, failed }] of rows)
  console.log(`${format.padEnd(10)} ${String(cases).padStart(6)} ${String(failed).padStart(7)}`);
process.exitCode = [...rows.values()].some(({ failed }) => failed > 0) ? 1 : 0;

async function convert(file: string, params: Readonly<Record<string, unknown>>): Promise<Answer | string> {
  const { kind, answer } = await child.run({
    operation: 'image-to-pdf',
    files: [join(source, file)],
    outputPath: pdf,
    params,
  });
  if (answer) return answer;
  await child.start();
  return kind;
}

async function faultsOf(entry: Case): Promise<string[]> {
  const answer = await convert(entry.file, { dpi: PIXEL_DPI });
  if (typeof answer === 'string') return [answer];
  if (entry.code !== undefined) return refusalFaults(answer, entry);
  if (!answer.ok) return [`refused: ${answer.code}: ${answer.detail}`];
  const faults = await check(() => run('qpdf', ['--check', pdf]));
  const notes = JSON.stringify(answer.report);
  if (entry.note !== undefined && !notes.includes(entry.note)) faults.push(`the report lacks "${entry.note}"`);
  for (const renderer of entry.readers ?? RENDERERS) faults.push(...(await pixelFaults(entry, renderer)));
  if (entry.exact !== undefined) faults.push(...(await sampleFaults(entry.exact)));
  if (entry.cmyk !== undefined) faults.push(...(await cmykFaults(entry.cmyk)));
  faults.push(...(await embeddingFaults(entry)));
  if (entry.dpi) faults.push(...(await sizeFaults(entry, entry.dpi)));
  return faults;
}

function refusalFaults(answer: Answer, { code, words = '' }: Case): string[] {
  if (answer.ok) return ['accepted, but a refusal was expected'];
  const isExpected = answer.code === code && answer.detail.includes(words);
  return isExpected ? [] : [`refused as ${answer.code}: ${answer.detail}`];
}

async function check(work: () => Promise<unknown>): Promise<string[]> {
  return work().then(
    () => [],
    (thrown: unknown) => [thrown instanceof Error ? thrown.message : String(thrown)],
  );
}

/** Compares the pages that a reader renders. */
async function pixelFaults({ frames = [], tolerance = 0, mean }: Case, renderer: Renderer): Promise<string[]> {
  const faults: string[] = [];
  const scale = SCALES[renderer];
  const plan = { renderer, pages: Infinity, dpi: scale * PIXEL_DPI };
  const { count } = await renderPages(pdf, plan, async (shown, index) => {
    const expected = frames[index];
    const fault =
      expected && differenceOf(shrink(shown, scale), expected, await readFile(join(source, expected.pixels)));
    if (!fault) return true;
    const isTooFar = mean === undefined ? fault.worst > tolerance : fault.mean > mean;
    if (isTooFar) faults.push(`${renderer}, page ${index + 1}: ${fault.text}`);
    return true;
  });
  if (count !== frames.length) faults.push(`${renderer}: ${count} pages instead of ${frames.length}`);
  return faults.slice(0, 2);
}

/** Takes the pixel in the middle of each square. */
function shrink(frame: Frame, scale: number): Frame {
  const [width, height] = [Math.round(frame.width / scale), Math.round(frame.height / scale)];
  const data = Buffer.alloc(3 * width * height);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const [row, column] = [Math.floor(pixel / width), pixel % width];
    const from = 3 * ((row * scale + (scale >> 1)) * frame.width + column * scale + (scale >> 1));
    frame.data.copy(data, 3 * pixel, from, from + 3);
  }
  return { width, height, data };
}

interface Difference {
  readonly worst: number;
  readonly mean: number;
  readonly text: string;
}

function differenceOf({ width, height, data }: Frame, expected: ExpectedFrame, pixels: Buffer): Difference {
  if (width !== expected.width || height !== expected.height) {
    const text = `${width} x ${height} pixels instead of ${expected.width} x ${expected.height}`;
    return { worst: Infinity, mean: Infinity, text };
  }
  let [worst, worstAt, sum, count] = [0, 0, 0, 0];
  for (const [at, value] of data.entries()) {
    const difference = Math.abs(value - (pixels[at] ?? 0));
    sum += difference;
    if (difference > 0) count += 1;
    if (difference <= worst) continue;
    worst = difference;
    worstAt = at;
  }
  const pixel = Math.floor(worstAt / 3);
  const where = `column ${pixel % width} of row ${Math.floor(pixel / width)}`;
  const samples = `${count} of ${data.length} samples differ`;
  return { worst, mean: sum / data.length, text: `${samples}, at most by ${worst} (${where})` };
}

/** Compares the decoded stream of the first image, as mutool and qpdf return it. */
async function sampleFaults(name: string): Promise<string[]> {
  const expected = await readFile(join(source, name));
  const { stdout } = await run('pdfimages', ['-list', pdf]);
  const object = stdout.split('\n')[2]?.trim().split(/\s+/)[10] ?? '';
  const options = { encoding: 'buffer', maxBuffer: MAX_STREAM_BYTES } as const;
  const commands = [
    ['mutool', ['show', '-b', pdf, object]],
    ['qpdf', [`--show-object=${object}`, '--filtered-stream-data', pdf]],
  ] as const;
  const faults: string[] = [];
  for (const [command, args] of commands) {
    const { stdout: decoded } = await run(command, args, options);
    if (!decoded.equals(expected)) faults.push(`${command}: the samples differ`);
  }
  return faults;
}

/** Compares the page as mutool renders it in the colour space of a press. */
async function cmykFaults(name: string): Promise<string[]> {
  const expected = await readFile(join(source, name));
  const args = ['draw', '-q', '-r', String(PIXEL_DPI), '-c', 'cmyk', '-F', 'pam', '-o', '-', pdf, '1'];
  const { stdout } = await run('mutool', args, { encoding: 'buffer', maxBuffer: MAX_STREAM_BYTES });
  const start = stdout.indexOf('ENDHDR\n') + 'ENDHDR\n'.length;
  return stdout.subarray(start).equals(expected) ? [] : ['mutool: the samples of CMYK differ'];
}

async function embeddingFaults({ carried, profile, absent = [] }: Case): Promise<string[]> {
  const faults: string[] = [];
  if (carried !== undefined) faults.push(...(await carriedFaults(pdf, await readFile(join(source, carried)))));
  if (profile !== undefined) faults.push(...(await profileFaults(pdf, await readFile(join(source, profile)))));
  if (absent.length > 0) faults.push(...(await absenceFaults(pdf, absent)));
  return faults;
}

/** Compares the size of the first page without a given resolution. */
async function sizeFaults({ file, frames = [] }: Case, [x, y]: readonly [number, number]): Promise<string[]> {
  const answer = await convert(file, {});
  if (typeof answer === 'string' || !answer.ok) return ['not converted with dpi=auto'];
  const [first] = frames;
  const [width, height] = await pageSize();
  const [shownX, shownY] = [((first?.width ?? 0) * 72) / width, ((first?.height ?? 0) * 72) / height];
  const isRight = Math.abs(shownX / x - 1) < MAX_DPI_ERROR && Math.abs(shownY / y - 1) < MAX_DPI_ERROR;
  return isRight ? [] : [`${shownX.toFixed(2)} x ${shownY.toFixed(2)} dpi instead of ${x} x ${y}`];
}

async function pageSize(): Promise<readonly [width: number, height: number]> {
  const { stdout } = await run('pdfinfo', [pdf]);
  const [width = NaN, height = NaN] = (/Page size:\s+(\S+) x (\S+)/.exec(stdout) ?? []).slice(1).map(Number);
  return [width, height];
}
