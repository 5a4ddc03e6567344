import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Answer, Ending } from '../support/warm-child.js';
import { RENDERED } from './known.js';
import type { Known } from './known.js';
import { ask, difference, popplerPages, qpdfCheck, qpdfPages, render } from './readers.js';

export type Class = 'right' | 'refused rightly' | 'wrong' | 'hang' | 'crash';

export interface Verdict {
  readonly kind: Class;
  /** Why it is wrong, or what is to be said of what is right. */
  readonly why: string;
}

/** Files of a merge on disk: what went in, first and second, and what came out. */
export interface Merge {
  readonly input: string;
  readonly partner: string;
  readonly partnerPages: number;
  readonly output: string;
  /** For renders; emptied afterwards. */
  readonly folder: string;
}

/** Mean absolute difference of 255 levels above which two renders are not the same page. */
export const SAME_RENDER = 1;

const right: Verdict = { kind: 'right', why: '' };
const wrong = (why: string): Verdict => ({ kind: 'wrong', why });

/** What a merge of a file with the partner is worth, by what independent readers say of the file and of the result. */
export async function judge({ kind, answer }: Ending, merge: Merge, known: Known): Promise<Verdict> {
  if (kind === 'hang') return { kind, why: 'no answer in time' };
  if (kind === 'memory') return { kind: 'crash', why: 'more memory than it may have' };
  if (!answer) return { kind: 'crash', why: 'the process ended' };
  if (!answer.ok) return judgeRefusal(answer, known);
  const { status, text } = await qpdfCheck(merge.output);
  if (worse(status, known.check))
    return wrong(`qpdf says ${status} of the result: ${firstComplaint(text, merge.output)}`);
  return (await judgePages(answer, merge, known)) ?? judgeRenders(merge, known);
}

function judgeRefusal({ code, detail, stack }: Extract<Answer, { ok: false }>, known: Known): Verdict {
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

/** The order of qpdf's statuses: good, warnings, errors, stopped. */
function worse(status: number, before: number): boolean {
  const rank = (each: number): number => [0, 3, 2].indexOf(each) + 1 || 4;
  return rank(status) > rank(before);
}

async function judgePages(
  answer: Extract<Answer, { ok: true }>,
  merge: Merge,
  known: Known,
): Promise<Verdict | undefined> {
  const pages = (await qpdfPages(merge.output)) - merge.partnerPages;
  if (answer.pages - merge.partnerPages !== pages)
    return wrong(`answers ${answer.pages} pages, qpdf counts ${pages} and the partner's`);
  const before = [known.qpdfPages, known.popplerPages].filter((count) => count > 0);
  if (before.length > 0 && !before.includes(pages))
    return wrong(`${pages} pages, readers count ${before.join(' and ')} before`);
  const seen = (await popplerPages(merge.output)) - merge.partnerPages;
  return seen === pages ? undefined : wrong(`poppler counts ${seen} pages, qpdf ${pages}`);
}

/** The first pages look as before; where they do not, qpdf's own merge must not either. */
async function judgeRenders(merge: Merge, known: Known): Promise<Verdict> {
  if (known.renders.length === 0) return { kind: 'right', why: 'poppler renders nothing of the input' };
  const why = await renderFault(merge.output, merge, known);
  if (why === undefined) return right;
  const again = await renderFault(merge.input, merge, known);
  if (again !== undefined) return { kind: 'right', why: 'poppler renders the input itself otherwise each time' };
  const peer = join(merge.folder, 'peer.pdf');
  await ask('qpdf', ['--warning-exit-0', '--empty', '--pages', merge.input, merge.partner, '--', peer]);
  const peers = await renderFault(peer, merge, known);
  return peers === undefined ? wrong(why) : { kind: 'right', why: `${why}, but so does qpdf's` };
}

async function renderFault(path: string, { folder }: Merge, known: Known): Promise<string | undefined> {
  const place = join(folder, 'renders');
  await mkdir(place, { recursive: true });
  const renders = await render(path, place, RENDERED);
  try {
    for (const [index, before] of known.renders.entries()) {
      const after = renders[index];
      if (after === undefined) return `page ${index + 1} renders no more`;
      const amount = await difference(before, after);
      if (amount > SAME_RENDER) return `page ${index + 1} renders otherwise (by ${amount.toFixed(1)} of 255)`;
    }
    return undefined;
  } finally {
    await rm(place, { recursive: true });
  }
}

function firstComplaint(text: string, path: string): string {
  const line = text
    .split('\n')
    .find((each) => /WARNING|error|ERROR|:/.test(each) && !/^(checking|PDF Version)/.test(each));
  return (line ?? text).replaceAll(path, 'result').slice(0, 160);
}

export function firstLines(stack = ''): string {
  return stack
    .split('\n')
    .slice(0, 2)
    .map((line) => line.trim())
    .join(' ')
    .slice(0, 200);
}
