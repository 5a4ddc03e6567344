import { cpus } from 'node:os';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listPdfs } from './known.js';

/** What `make corpus` takes from the environment. */
export interface CorpusOptions {
  /** Pages of each file that are rendered; Infinity for all. */
  readonly pages: number;
  /** Files processed in parallel. */
  readonly jobs: number;
  /** Parameters of the operation. */
  readonly params: Readonly<Record<string, unknown>>;
  /** A folder of results to judge instead of running the operation. */
  readonly results: string | undefined;
}

const DEFAULT_PAGES = 30;

/** Reads PAGES, JOBS, PARAMS and RESULTS. Throws if a number is not positive. */
export function readOptions(env: NodeJS.ProcessEnv): CorpusOptions {
  return {
    pages: env.PAGES === 'all' ? Infinity : countIn(env, 'PAGES', DEFAULT_PAGES),
    jobs: countIn(env, 'JOBS', Math.min(2, cpus().length)),
    params: JSON.parse(given(env.PARAMS) ?? '{}') as Record<string, unknown>,
    results: given(env.RESULTS),
  };
}

/** Returns the files to process: those of a folder, or those that the list FILES names, and at most LIMIT of them. */
export async function chooseFiles(corpus: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const list = given(env.FILES);
  const files = list === undefined ? await listPdfs(corpus) : await readList(list, corpus);
  return files.slice(0, countIn(env, 'LIMIT', Infinity));
}

/** One path to a line, relative to the corpus. */
async function readList(list: string, corpus: string): Promise<string[]> {
  const lines = (await readFile(list, 'utf8')).split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').map((line) => join(corpus, line));
}

/** Reads a positive number. Throws if the variable is something else. */
export function countIn(env: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const text = given(env[name]);
  const count = text === undefined ? otherwise : Number(text);
  if (!(count >= 1)) throw new Error(`${name} must be a number from 1, not "${text}".`);
  return count;
}

/** make passes a variable that is not set as an empty one. */
function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
