import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, isClientError } from '@pdf-tools/runtime/errors';
import type { NumberedFile } from '../input-error.js';
import type { JsonObject, RunContext, RunResult } from '../operation.js';
import { toJobError } from '../process/app-error.js';
import { EntryNames } from './entry-names.js';
import { ZipArchive } from './zip-archive.js';

const MANIFEST_NAME = 'manifest.json';

/** What became of one file, in the manifest and in the report. */
type Outcome =
  | { readonly entry: JsonObject; readonly result: RunResult; readonly error?: undefined }
  | { readonly entry: JsonObject; readonly error: AppError };

interface Work<File> {
  /** Writes the PDF of one file. */
  readonly runOne: (job: RunContext, file: File) => Promise<RunResult>;
  /** What the manifest says about a result beside names, pages and sizes. */
  readonly describe: (result: RunResult) => JsonObject;
  /** The name of an entry before it is made safe and unique. */
  readonly entryName: (file: File) => string;
  /** What is done with each file, such as "compressed". */
  readonly participle: string;
}

interface Archived {
  /** The results of the files that did not fail. */
  readonly results: readonly RunResult[];
  readonly report: JsonObject;
}

/**
 * Makes a PDF of each file and writes a ZIP of them, in the order of the files, with a manifest. A file that fails is named
 * there. Throws the error of the first file if all fail.
 */
export async function archiveResults<File extends NumberedFile>(
  job: RunContext,
  files: readonly File[],
  work: Work<File>,
): Promise<Archived> {
  await mkdir(job.workDir, { recursive: true });
  const archive = await ZipArchive.create(job.outputPath);
  const names = new EntryNames();
  const outcomes: Outcome[] = [];
  try {
    for (const [done, numbered] of files.entries()) {
      job.signal.throwIfAborted();
      const part = partOf(job, { index: numbered.index, done, count: files.length });
      outcomes.push(await addFile(part, numbered, { archive, names, work }));
    }
    refuseFailure(outcomes, work.participle);
    const entries = outcomes.map(({ entry }) => entry);
    await archive.addText(MANIFEST_NAME, `${JSON.stringify({ files: entries }, null, 2)}\n`);
    await archive.finish();
  } finally {
    await archive.close();
  }
  job.progress(100, 'writing');
  const results = outcomes.flatMap((outcome) => (outcome.error ? [] : outcome.result));
  return { results, report: await describeAll(job, outcomes) };
}

async function describeAll({ inputs, outputPath }: RunContext, outcomes: readonly Outcome[]): Promise<JsonObject> {
  const failed = outcomes.filter(({ error }) => error).length;
  return {
    input_bytes: inputs.reduce((sum, { bytes }) => sum + bytes, 0),
    output_bytes: (await stat(outputPath)).size,
    ...(failed > 0 && { failed_files: failed }),
    files: outcomes.map(({ entry }) => entry),
  };
}

/** The job for one file, whose result is an intermediate file. */
function partOf(
  job: RunContext,
  { index, done, count }: { readonly index: number; readonly done: number; readonly count: number },
): RunContext {
  return {
    ...job,
    outputPath: join(job.workDir, `result-${index}.pdf`),
    progress: (percent, stage) => {
      job.progress(Math.round((100 * done + percent) / count), `${stage}, file ${done + 1} of ${count}`);
    },
  };
}

interface Target<File> {
  readonly archive: ZipArchive;
  readonly names: EntryNames;
  readonly work: Work<File>;
}

async function addFile<File extends NumberedFile>(
  part: RunContext,
  numbered: File,
  { archive, names, work }: Target<File>,
): Promise<Outcome> {
  const { file, index } = numbered;
  try {
    const result = await work.runOne(part, numbered);
    const name = names.next(work.entryName(numbered), 'pdf');
    const bytes = await archive.addStored(name, part.outputPath);
    const sizes = { input_bytes: file.bytes, output_bytes: bytes };
    const { pages = 0 } = result;
    return { entry: { index, name, original_name: file.name, pages, ...sizes, ...work.describe(result) }, result };
  } catch (thrown) {
    part.signal.throwIfAborted();
    const error = toJobError(thrown);
    if (!isClientError(error.code)) throw error;
    const { code, detail } = error;
    return { entry: { index, original_name: file.name, input_bytes: file.bytes, error: { code, detail } }, error };
  } finally {
    await rm(part.outputPath, { force: true });
  }
}

/** Throws if all files failed. */
function refuseFailure(outcomes: readonly Outcome[], participle: string): void {
  const errors = outcomes.flatMap(({ error }) => error ?? []);
  const [first] = errors;
  if (!first || errors.length < outcomes.length) return;
  if (outcomes.length === 1) throw first;
  throw new AppError(first.code, `None of the ${outcomes.length} files can be ${participle}. ${first.detail}`, {
    errors: errors.flatMap((error) => error.errors),
    cause: first,
  });
}
