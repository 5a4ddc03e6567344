import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

interface Said {
  /** Exit status; 99 for a reader that was stopped or killed. */
  readonly status: number;
  readonly text: string;
}

const READER_MS = 20_000;
const MAX_TEXT = 16 * 2 ** 20;
export const DPI = 50;

/** Runs a reader and never throws. */
export function ask(command: string, args: readonly string[]): Promise<Said> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: READER_MS, maxBuffer: MAX_TEXT }, (error, stdout, stderr) => {
      const status = error ? (typeof error.code === 'number' ? error.code : 99) : 0;
      resolve({ status, text: `${stdout}${stderr}` });
    });
  });
}

/** 0 for good, 3 for warnings, 2 for errors. */
export async function qpdfCheck(path: string): Promise<Said> {
  return ask('qpdf', ['--check', path]);
}

/** Page count; 0 where qpdf cannot tell. */
export async function qpdfPages(path: string): Promise<number> {
  const { text } = await ask('qpdf', ['--show-npages', path]);
  return Number(/^(\d+)$/m.exec(text)?.[1] ?? 0);
}

/** Page count; 0 where poppler cannot tell. */
export async function popplerPages(path: string): Promise<number> {
  const { text } = await ask('pdfinfo', [path]);
  return Number(/^Pages:\s+(\d+)$/m.exec(text)?.[1] ?? 0);
}

/** Two readers say that no empty password opens it, or one says so and the other cannot read it. */
export async function needsPassword(path: string): Promise<boolean> {
  const [qpdf, poppler] = await Promise.all([ask('qpdf', ['--requires-password', path]), ask('pdfinfo', [path])]);
  return qpdf.status === 0 || /Incorrect password/i.test(poppler.text);
}

/** Renders the first pages into a folder and returns the files in the order of the pages; none where poppler fails. */
export async function render(path: string, folder: string, last: number): Promise<string[]> {
  await ask('pdftoppm', ['-r', String(DPI), '-l', String(last), '-png', path, join(folder, 'page')]);
  const number = (name: string): number => Number(/(\d+)\.png$/.exec(name)?.[1] ?? 0);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.png'));
  return names.sort((left, right) => number(left) - number(right)).map((name) => join(folder, name));
}

/** Mean absolute difference of two pictures, 0 to 255; 255 where their sizes differ. */
export async function difference(left: string, right: string): Promise<number> {
  const [one, other] = [await pixels(left), await pixels(right)];
  if (one.size !== other.size) return 255;
  let sum = 0;
  for (const [at, value] of one.data.entries()) sum += Math.abs(value - (other.data[at] ?? 0));
  return sum / Math.max(1, one.data.length);
}

async function pixels(path: string): Promise<{ data: Buffer; size: string }> {
  const { data, info } = await sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, size: `${info.width} x ${info.height}` };
}
