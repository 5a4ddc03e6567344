import { archiveResults } from '../archive/archive-results.js';
import type { NumberedFile } from '../input-error.js';
import type { RunContext, RunResult } from '../operation.js';

type CompressOne = (job: RunContext, numbered: NumberedFile) => Promise<RunResult>;

/** Compresses each file and writes a ZIP of the results with a manifest. Throws the errors of `archiveResults`. */
export async function compressSeveral(
  job: RunContext,
  files: readonly NumberedFile[],
  compressOne: CompressOne,
): Promise<RunResult> {
  const { results, report } = await archiveResults(job, files, {
    runOne: compressOne,
    describe: (result) => ({ result: isUnchanged(result) ? 'original' : 'compressed', report: result.report }),
    entryName: ({ file }) => file.name,
    participle: 'compressed',
  });
  return { report: { ...report, unchanged: results.every(isUnchanged) } };
}

function isUnchanged({ report }: RunResult): boolean {
  return report.unchanged === true;
}
