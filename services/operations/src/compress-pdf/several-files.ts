import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, isClientError } from '@pdf-tools/runtime/errors';
import { EntryNames } from '../archive/entry-names.js';
import { ZipArchive } from '../archive/zip-archive.js';
import type { NumberedFile } from '../input-error.js';
import type { JsonObject, RunContext, RunResult } from '../operation.js';
import { toJobError } from '../process/app-error.js';

export const MANIFEST_NAME = 'manifest.json';

type CompressOne = (job: RunContext, numbered: NumberedFile) => Promise<RunResult>;

/** What became of one file, in the manifest and in the report. */
type Entry =
  | { readonly entry: JsonObject; readonly isUnchanged: boolean; readonly error?: undefined }
  | { readonly entry: JsonObject; readonly error: AppError };

/**
 * Compresses each file and writes a ZIP of the results, in the order of the upload, with a manifest. A file that cannot be
 * compressed is named there. Throws the error of the first file if none can be compressed.
 */
export async function compressSeveral(
  job: RunContext,
  files: readonly NumberedFile[],
  compressOne: CompressOne,
): Promise<RunResult> {
  await mkdir(job.workDir, { recursive: true });
  const archive = new ZipArchive(job.outputPath);
  const names = new EntryNames();
  const entries: Entry[] = [];
  try {
    for (const numbered of files) {
      job.signal.throwIfAborted();
      entries.push(await addFile(partOf(job, numbered, files.length), numbered, { archive, names, compressOne }));
    }
    refuseFailure(entries);
    const described = entries.map(({ entry }) => entry);
    archive.addText(MANIFEST_NAME, `${JSON.stringify({ files: described }, null, 2)}\n`);
  } finally {
    await archive.finish();
  }
  job.progress(100, 'writing');
  return { report: await describeAll(job, entries) };
}

/** The job for one file, whose result is an intermediate file. */
function partOf(job: RunContext, { index }: NumberedFile, count: number): RunContext {
  return {
    ...job,
    outputPath: join(job.workDir, `compressed-${index}.pdf`),
    progress: (percent, stage) => {
      job.progress(Math.round((100 * index + percent) / count), `${stage}, file ${index + 1} of ${count}`);
    },
  };
}

interface Target {
  readonly archive: ZipArchive;
  readonly names: EntryNames;
  readonly compressOne: CompressOne;
}

async function addFile(
  part: RunContext,
  numbered: NumberedFile,
  { archive, names, compressOne }: Target,
): Promise<Entry> {
  const { file, index } = numbered;
  try {
    const { pages = 0, report } = await compressOne(part, numbered);
    const name = names.next(file.name, 'pdf');
    const data = await readFile(part.outputPath);
    archive.addStored(name, data);
    const isUnchanged = report.unchanged === true;
    const result = isUnchanged ? 'original' : 'compressed';
    const sizes = { input_bytes: file.bytes, output_bytes: data.length };
    return { entry: { index, name, original_name: file.name, pages, ...sizes, result, report }, isUnchanged };
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

/** Throws if no file could be compressed. */
function refuseFailure(entries: readonly Entry[]): void {
  const errors = entries.flatMap(({ error }) => error ?? []);
  const [first] = errors;
  if (!first || errors.length < entries.length) return;
  throw new AppError(first.code, `None of the ${entries.length} files can be compressed. ${first.detail}`, {
    errors: errors.flatMap((error) => error.errors),
    cause: first,
  });
}

async function describeAll({ inputs, outputPath }: RunContext, entries: readonly Entry[]): Promise<JsonObject> {
  const failed = entries.filter(({ error }) => error).length;
  return {
    input_bytes: inputs.reduce((sum, { bytes }) => sum + bytes, 0),
    output_bytes: (await stat(outputPath)).size,
    unchanged: entries.every((entry) => entry.error !== undefined || entry.isUnchanged),
    ...(failed > 0 && { failed_files: failed }),
    files: entries.map(({ entry }) => entry),
  };
}
