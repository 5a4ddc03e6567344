import { featuresLost, featuresOf } from './features.js';
import { RENDERERS } from './frames.js';
import type { Renderer } from './frames.js';
import { knowFeatures, knowWords } from './known.js';
import type { Known } from './known.js';
import { firstComplaint, isWorse, popplerPages, qpdfCheck, qpdfPages, wordsOf } from './readers.js';
import { renderFault } from './render-fault.js';

export type FaultKind = 'check' | 'pages' | 'text' | 'render' | 'feature';

/** A way in which a result is damaged. */
export interface Fault {
  readonly kind: FaultKind;
  readonly why: string;
}

/** An input and a result that must show the same document. */
export interface Pair {
  readonly input: string;
  readonly output: string;
  readonly known: Known;
  /** Number of pages to render from the first; Infinity for all. */
  readonly pages: number;
}

const MAX_LISTED = 4;
/** The status of `qpdf --check` for a file with errors: a reader that finds no words in it proves nothing. */
const BROKEN = 2;

/** Returns all faults of a result by what independent readers see; none if it shows the same document as the input. */
export async function faultsOf(pair: Pair): Promise<Fault[]> {
  const pages = await pageFaults(pair);
  const rest = pages.length > 0 ? [] : [...(await textFaults(pair)), ...(await renderFaults(pair))];
  return [...(await checkFaults(pair)), ...pages, ...rest, ...(await featureFaults(pair))];
}

async function checkFaults({ output, known }: Pair): Promise<Fault[]> {
  const { status, text } = await qpdfCheck(output);
  if (!isWorse(status, known.check)) return [];
  return [{ kind: 'check', why: `qpdf --check says ${status}, not ${known.check}: ${firstComplaint(text, output)}` }];
}

/** Each reader that counted the pages of the input must count the same in the result. */
async function pageFaults({ output, known }: Pair): Promise<Fault[]> {
  const counts = [
    ['qpdf', known.qpdfPages, qpdfPages],
    ['poppler', known.popplerPages, popplerPages],
  ] as const;
  const faults: Fault[] = [];
  for (const [reader, before, count] of counts) {
    const after = before === 0 ? 0 : await count(output);
    if (after !== before) faults.push({ kind: 'pages', why: `${reader} counts ${after} pages, not ${before}` });
  }
  return faults;
}

async function textFaults({ input, output, known }: Pair): Promise<Fault[]> {
  const before = await knowWords(input, known);
  if (before === null || (before.length === 0 && known.check === BROKEN)) return [];
  const after = await wordsOf(output);
  if (after === null) return [{ kind: 'text', why: 'pdftotext does not finish' }];
  const why = firstDifference(before, after);
  return why === undefined ? [] : [{ kind: 'text', why }];
}

/** Says where two sequences of words differ first; undefined if they do not. */
export function firstDifference(before: readonly string[], after: readonly string[]): string | undefined {
  const length = Math.max(before.length, after.length);
  for (let at = 0; at < length; at++) {
    if (before[at] !== after[at])
      return `word ${at + 1} of ${before.length} is ${quoted(after[at])}, not ${quoted(before[at])}`;
  }
  return undefined;
}

function quoted(word: string | undefined): string {
  return word === undefined ? 'missing' : JSON.stringify(word.slice(0, 40));
}

async function renderFaults(pair: Pair): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (const renderer of RENDERERS) {
    const why = await renderFault(pair, renderer);
    if (why !== undefined && !(await isUnsteady(pair, renderer))) faults.push({ kind: 'render', why });
  }
  return faults;
}

/** Whether the input itself renders otherwise each time. */
async function isUnsteady(pair: Pair, renderer: Renderer): Promise<boolean> {
  return (await renderFault({ ...pair, output: pair.input }, renderer)) !== undefined;
}

async function featureFaults({ input, output, known }: Pair): Promise<Fault[]> {
  const before = await knowFeatures(input, known);
  if (before === null) return [];
  const after = await featuresOf(output);
  if (after === null) return [{ kind: 'feature', why: 'qpdf cannot list the objects' }];
  const lost = featuresLost(before, after);
  const more = lost.length > MAX_LISTED ? [{ kind: 'feature' as const, why: `${lost.length - MAX_LISTED} more` }] : [];
  return [...lost.slice(0, MAX_LISTED).map((line) => ({ kind: 'feature' as const, why: line.slice(0, 200) })), ...more];
}
