import { withFileName } from '../input-error.js';
import { notLinearizedNote } from '../linearized-output.js';
import type { JsonObject, Run, RunContext } from '../operation.js';
import { closeDocuments, openDocuments } from './documents.js';
import type { OpenDocument } from './documents.js';
import { writeMerged } from './merge.js';
import type { Merged, MergeJob } from './merge.js';
import type { MergeParams } from './options.js';
import { MergeOutput } from './output.js';
import { readPageRanges } from './page-ranges.js';
import { orderPages, readParts } from './plan.js';
import type { Part } from './plan.js';

/** Share of the progress for reading the files, in percent. */
const READ = 20;

/** Merges the pages of all files into one PDF. Images become pages as in `image-to-pdf`. */
export const run: Run<MergeParams> = async (context, params) => {
  const { inputs, progress } = context;
  const parts = readParts(inputs, params);
  const output = new MergeOutput(context, params);
  const { runs, merged } = await merge(context, { parts, output, params }).catch((thrown: unknown) => {
    output.discard();
    throw thrown;
  });
  const linearization = params.linearize ? describeLinearization(output.linearize()) : {};
  progress(100, 'writing');
  const files = inputs.map(({ name }, index): JsonObject => ({
    index,
    name,
    pages: parts.reduce((sum, part, at) => (part.index === index ? sum + (runs[at]?.length ?? 0) : sum), 0),
    ...merged.report(index),
  }));
  const encrypted = params.output_password !== '';
  const report = { files, pages: merged.pages, ...(encrypted && { encrypted }), ...linearization };
  return { pages: merged.pages, report };
};

/** The report entry for a result that is linearized, or the reason why it is not. */
function describeLinearization(reason: string | undefined): JsonObject {
  return reason === undefined ? { linearized: true } : { notes: [notLinearizedNote(reason)] };
}

/** Writes the result. Returns the pages that each part takes from its document, and a report. */
async function merge(
  { inputs, repair, signal, progress }: RunContext,
  { parts, output, params }: Pick<MergeJob, 'parts' | 'output' | 'params'>,
): Promise<{ readonly runs: readonly number[][]; readonly merged: Merged }> {
  const needed = new Set(parts.map(({ index }) => index));
  const documents = await openDocuments(inputs, { repair, output, signal, needed, items: params.items });
  try {
    progress(READ, 'reading');
    const runs = await Promise.all(parts.map((part) => pagesOf(part, documents.get(part.index))));
    const pages = orderPages(runs, { collate: params.collate, pad: params.pad_to_even });
    const advance = (done: number): void => {
      progress(READ + Math.round(((99 - READ) * done) / pages.length), 'merging');
    };
    const merged = await writeMerged({ documents, parts, pages, params, output, signal, progress: advance });
    return { runs, merged };
  } finally {
    closeDocuments(documents);
  }
}

async function pagesOf({ pages }: Part, document: OpenDocument | undefined): Promise<number[]> {
  if (!document) return [];
  const count = document.tree.pages.length;
  if (pages === undefined) return Array.from({ length: count }, (_none, page) => page);
  return withFileName(document.numbered, () => readPageRanges(pages, count));
}
