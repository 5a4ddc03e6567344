import { copyFile, mkdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Ending } from '@pdf-tools/harness/warm-child';
import { faultsOf } from './faults.js';
import type { Fault, Pair } from './faults.js';
import { judgeFailure } from './judge.js';
import { hashOf, knowInput } from './known.js';
import type { Known } from './known.js';
import type { Lane } from './lanes.js';
import type { CorpusOptions } from './options.js';

/** How the compression of a file ended. */
export interface Outcome {
  readonly input: string;
  readonly bytes: number;
  /** Bytes of the result. Undefined without a result. */
  readonly resultBytes: number | undefined;
  readonly faults: readonly Fault[];
  /** Why there is no result: the error code, or how the process ended. */
  readonly failure: Failure | undefined;
  /** Error code with which a merge refuses the same file; undefined if it takes it. */
  readonly mergeRefusal: string | undefined;
}

interface Failure {
  readonly code: string;
  readonly why: string;
  /** Readers cannot read the file either, or it needs a password. */
  readonly justified: boolean;
}

interface Places {
  /** Cache of what readers say about inputs. */
  readonly cache: string;
  /** A small PDF for the merge. */
  readonly partner: string;
  /** Damaged results are kept here. */
  readonly damaged: string;
}

/** Compresses a file, judges the result, and merges the same file to compare refusals. */
export async function tryFile(input: string, lane: Lane, places: Places, options: CorpusOptions): Promise<Outcome> {
  const known = await knowInput(input, places.cache);
  const merged = join(lane.folder, 'merged.pdf');
  const outputPath = join(lane.folder, 'out.pdf');
  const { results, params, pages } = options;
  const common = { input, bytes: known.bytes };
  if (results !== undefined) {
    const output = await resultIn(results, input);
    const failure = output === undefined ? { code: 'none', why: 'no result', justified: false } : undefined;
    return { ...common, failure, mergeRefusal: undefined, ...(await judged({ input, output, known, pages }, places)) };
  }
  const ending = await lane.child.run({ operation: 'compress-pdf', files: [input], outputPath, params });
  const merge = await lane.child.run({
    operation: 'merge-pdf',
    files: [input, places.partner],
    outputPath: merged,
  });
  const mergeRefusal = merge.answer?.ok === true ? undefined : codeOf(merge);
  const output = ending.answer?.ok === true ? outputPath : undefined;
  const failure = output === undefined ? failureOf(ending, known) : undefined;
  return { ...common, failure, mergeRefusal, ...(await judged({ input, output, known, pages }, places)) };
}

/** A result that is the input's bytes needs no reader. */
async function judged(
  { output, ...rest }: Omit<Pair, 'output'> & { output: string | undefined },
  { damaged }: Places,
): Promise<Pick<Outcome, 'resultBytes' | 'faults'>> {
  if (output === undefined) return { resultBytes: undefined, faults: [] };
  const bytes = await readFile(output);
  const isInput = bytes.length === rest.known.bytes && hashOf(bytes) === rest.known.hash;
  const faults = isInput ? [] : await faultsOf({ ...rest, output });
  if (faults.length > 0) {
    await mkdir(damaged, { recursive: true });
    await copyFile(output, join(damaged, basename(rest.input)));
  }
  return { resultBytes: bytes.length, faults };
}

function failureOf(ending: Ending, known: Known): Failure {
  const { kind, why } = judgeFailure(ending, known);
  return { code: codeOf(ending), why, justified: kind === 'refused rightly' };
}

function codeOf({ kind, answer }: Ending): string {
  return answer?.ok === false ? answer.code : kind;
}

/** A result has the input's name; an empty one counts as none. */
async function resultIn(results: string, input: string): Promise<string | undefined> {
  const output = join(results, basename(input));
  const size = await stat(output).then(
    (facts) => facts.size,
    () => 0,
  );
  return size > 0 ? output : undefined;
}
