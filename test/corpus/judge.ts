import { join } from 'node:path';
import type { Answer, Ending } from '@pdf-tools/harness/warm-child';
import { firstDifference } from './faults.js';
import { RENDERERS } from './frames.js';
import { knowWords } from './known.js';
import type { Known } from './known.js';
import { ask, firstComplaint, isWorse, popplerPages, qpdfCheck, qpdfPages, wordsOf } from './readers.js';
import { renderFault } from './render-fault.js';

export type Class = 'right' | 'refused rightly' | 'wrong' | 'hang' | 'crash';

export interface Judgement {
  readonly kind: Class;
  /** Why the result is wrong, or a remark on a correct one. */
  readonly why: string;
}

/** The files of a merge: the two inputs in their order, and the result. */
export interface Merge {
  readonly input: string;
  readonly partner: string;
  readonly partnerPages: number;
  readonly output: string;
  /** Folder for files of the judge. */
  readonly folder: string;
}

/** Pages of each file that are rendered. */
const RENDERED = 3;

const right: Judgement = { kind: 'right', why: '' };
const wrong = (why: string): Judgement => ({ kind: 'wrong', why });

/** Judges the merge of a file with the partner by what independent readers see in the file and in the result. */
export async function judge(ending: Ending, merge: Merge, known: Known): Promise<Judgement> {
  const { answer } = ending;
  if (!answer?.ok) return judgeFailure(ending, known);
  const { status, text } = await qpdfCheck(merge.output);
  if (isWorse(status, known.check))
    return wrong(`qpdf says ${status} of the result: ${firstComplaint(text, merge.output)}`);
  return (
    (await judgePages(answer, merge, known)) ?? (await judgeWords(merge, known)) ?? (await judgeRenders(merge, known))
  );
}

/** Judges an operation without a result. A refusal is correct if readers cannot read the file either. */
export function judgeFailure({ kind, answer }: Ending, known: Known): Judgement {
  if (kind === 'hang') return { kind, why: 'no answer in time' };
  if (kind === 'memory') return { kind: 'crash', why: 'more memory than it may have' };
  if (!answer || answer.ok) return { kind: 'crash', why: 'the process ended' };
  const { code, detail, stack } = answer;
  const said = `${code}: ${detail}${code === 'internal_error' ? ` ${firstLines(stack)}` : ''}`;
  if (code === 'internal_error') return wrong(said);
  if (known.needsPassword) {
    return code === 'password_required'
      ? { kind: 'refused rightly', why: code }
      : wrong(`needs a password, but ${said}`);
  }
  const unreadable = known.qpdfPages === 0 && known.popplerPages === 0;
  return unreadable ? { kind: 'refused rightly', why: code } : wrong(said);
}

async function judgePages(
  answer: Extract<Answer, { ok: true }>,
  merge: Merge,
  known: Known,
): Promise<Judgement | undefined> {
  const pages = (await qpdfPages(merge.output)) - merge.partnerPages;
  if (answer.pages - merge.partnerPages !== pages)
    return wrong(`answers ${answer.pages} pages, qpdf counts ${pages} and the partner's`);
  const before = [known.qpdfPages, known.popplerPages].filter((count) => count > 0);
  if (before.length > 0 && !before.includes(pages))
    return wrong(`${pages} pages, readers count ${before.join(' and ')} before`);
  const seen = (await popplerPages(merge.output)) - merge.partnerPages;
  return seen === pages ? undefined : wrong(`poppler counts ${seen} pages, qpdf ${pages}`);
}

/** Checks that the words of a merge begin with the input's. */
async function judgeWords(merge: Merge, known: Known): Promise<Judgement | undefined> {
  const before = await knowWords(merge.input, known);
  if (before === null) return undefined;
  const after = await wordsOf(merge.output);
  const why = firstDifference(before, after?.slice(0, before.length) ?? []);
  return why === undefined
    ? undefined
    : unlessPeer(merge, why, async (peer) => {
        const words = await wordsOf(peer);
        return firstDifference(before, words?.slice(0, before.length) ?? []);
      });
}

/** Checks that the first pages look as before. */
async function judgeRenders(merge: Merge, known: Known): Promise<Judgement> {
  for (const renderer of RENDERERS) {
    const look = (output: string): Promise<string | undefined> =>
      renderFault({ input: merge.input, output, known, pages: RENDERED }, renderer);
    const why = await look(merge.output);
    if (why === undefined) continue;
    if ((await look(merge.input)) !== undefined)
      return { kind: 'right', why: `${renderer} renders the input itself otherwise each time` };
    return unlessPeer(merge, why, look);
  }
  return right;
}

/** Ignores a fault that qpdf's own merge has too. */
async function unlessPeer(
  { input, partner, folder }: Merge,
  why: string,
  faultOf: (peer: string) => Promise<string | undefined>,
): Promise<Judgement> {
  const peer = join(folder, 'peer.pdf');
  await ask('qpdf', ['--warning-exit-0', '--empty', '--pages', input, partner, '--', peer]);
  return (await faultOf(peer)) === undefined ? wrong(why) : { kind: 'right', why: `${why}, but so does qpdf's` };
}

export function firstLines(stack = ''): string {
  return stack
    .split('\n')
    .slice(0, 2)
    .map((line) => line.trim())
    .join(' ')
    .slice(0, 200);
}
