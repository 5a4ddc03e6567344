import { execFile } from 'node:child_process';

export interface Answered {
  /** Exit status; 99 for a reader that was killed. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const READER_MS = 30_000;
const MAX_TEXT = 256 * 2 ** 20;

/** Runs a reader and returns what it printed. Never throws. */
export function runReader(command: string, args: readonly string[]): Promise<Answered> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: READER_MS, maxBuffer: MAX_TEXT }, (error, stdout, stderr) => {
      const status = error ? (typeof error.code === 'number' ? error.code : 99) : 0;
      resolve({ status, stdout, stderr });
    });
  });
}

/** Runs a reader and returns its status and all its output as one text. */
export async function ask(command: string, args: readonly string[]): Promise<{ status: number; text: string }> {
  const { status, stdout, stderr } = await runReader(command, args);
  return { status, text: `${stdout}${stderr}` };
}

/** Returns qpdf's opinion of a file: status 0 for good, 3 for warnings, 2 for errors. */
export function qpdfCheck(path: string): Promise<{ status: number; text: string }> {
  return ask('qpdf', ['--check', path]);
}

/** Whether a status of `qpdf --check` is worse than another. */
export function isWorse(status: number, before: number): boolean {
  const rank = (each: number): number => [0, 3, 2].indexOf(each) + 1 || 4;
  return rank(status) > rank(before);
}

/** Returns the first line with which qpdf complains about a file, without the file's path. */
export function firstComplaint(text: string, path: string): string {
  const line = text
    .split('\n')
    .find((each) => /WARNING|error|ERROR|:/.test(each) && !/^(checking|PDF Version)/.test(each));
  return (line ?? text).replaceAll(path, 'result').slice(0, 160);
}

/** Returns the page count, or 0 if qpdf cannot tell. */
export async function qpdfPages(path: string): Promise<number> {
  const { text } = await ask('qpdf', ['--show-npages', path]);
  return Number(/^(\d+)$/m.exec(text)?.[1] ?? 0);
}

/** Returns the page count, or 0 if poppler cannot tell. */
export async function popplerPages(path: string): Promise<number> {
  const { text } = await ask('pdfinfo', [path]);
  return Number(/^Pages:\s+(\d+)$/m.exec(text)?.[1] ?? 0);
}

/** Whether the empty password does not open a file, as qpdf or poppler reports it. */
export async function needsPassword(path: string): Promise<boolean> {
  const [qpdf, poppler] = await Promise.all([ask('qpdf', ['--requires-password', path]), ask('pdfinfo', [path])]);
  return qpdf.status === 0 || /Incorrect password/i.test(poppler.text);
}

/** Returns the words of all pages in poppler's reading order, or null if poppler did not finish. */
export async function wordsOf(path: string): Promise<string[] | null> {
  const { status, stdout } = await runReader('pdftotext', ['-enc', 'UTF-8', path, '-']);
  return status === 99 ? null : stdout.split(/[ \t\n\r\v\f]+/).filter((word) => word !== '');
}

/** Returns the length in points of the longest side among the first pages; 0 if poppler cannot tell. */
export async function longestSide(path: string, pages: number): Promise<number> {
  const { text } = await ask('pdfinfo', ['-f', '1', '-l', String(pages), path]);
  const sides = [...text.matchAll(/^Page\s.*size:\s+([\d.]+) x ([\d.]+) pts/gm)].flatMap(([, width, height]) => [
    Number(width),
    Number(height),
  ]);
  return sides.reduce((longest, side) => Math.max(longest, side), 0);
}
