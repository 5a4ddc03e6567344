import { mkdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { resultOf } from '@pdf-tools/operations/operation';
import type { JsonObject } from '@pdf-tools/operations/operation';
import { OPERATIONS } from '@pdf-tools/operations/registry';
import { AppError } from '@pdf-tools/runtime/errors';
import type { ErrorCode } from '@pdf-tools/runtime/errors';
import type { EachCommand } from './command.js';
import { EachChild } from './each-child.js';
import type { EachAnswer } from './each-child.js';
import { UsageError } from './exit-codes.js';
import { unwritable } from './file-errors.js';
import { listFolder } from './folder.js';
import { withOutput, withTempDir } from './output.js';
import { createProgressLine } from './progress.js';
import { print } from './stdout.js';
import { identity, resolveTarget } from './target.js';

/** What `--json` prints for one file. */
interface Line {
  readonly file: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly input_bytes?: number;
  readonly output_bytes?: number;
  readonly pages?: number | undefined;
  readonly peak_memory_bytes: number | null;
  readonly code?: ErrorCode;
  readonly detail?: string;
  readonly report?: JsonObject;
}

/** Keeps a failed file from being renamed into its place. */
class FileFailed extends Error {}

/** One file of the folder, with its displayed name, its source and its target. */
interface Entry {
  readonly file: string;
  readonly path: string;
  readonly output: string;
}

/** Runs the operation on every file of a folder, and returns true if all succeeded. */
export async function runEach(command: EachCommand, signal: AbortSignal): Promise<boolean> {
  await refuseSameFolder(command);
  const { files, unusable, skipped } = await listFolder(command.folder, command.outDir);
  const entries = files.map((file) => toEntry(command, file));
  await refuseOverwrite(command, entries);
  if (!command.quiet) {
    for (const [folder, reason] of skipped) console.error(`pdf-tools: "${folder}" is not read: ${reason}.`);
  }
  await makeFolder(command.outDir);
  const allWell = await withTempDir((tempDir) => runFiles(command, entries, { signal, tempDir }));
  for (const [file, problem] of unusable) await report(unusableLine(file, problem), command.json);
  return allWell && unusable.size === 0;
}

interface Surroundings {
  readonly signal: AbortSignal;
  readonly tempDir: string;
}

async function runFiles(
  command: EachCommand,
  entries: readonly Entry[],
  { signal, tempDir }: Surroundings,
): Promise<boolean> {
  const child = new EachChild(command.operation, command.timeoutSeconds);
  const progress = createProgressLine(command.quiet || command.json);
  let allWell = true;
  const stop = (): void => {
    void child.kill();
  };
  signal.addEventListener('abort', stop);
  try {
    for (const [index, entry] of entries.entries()) {
      signal.throwIfAborted();
      progress.show(`${command.operation}: ${index + 1} of ${entries.length} ${entry.file}`);
      const line = await runFile(command, entry, { child, tempDir, signal });
      signal.throwIfAborted();
      allWell &&= line.ok;
      await report(line, command.json);
    }
  } finally {
    signal.removeEventListener('abort', stop);
    await child.kill();
    progress.clear();
  }
  return allWell;
}

async function runFile(
  command: EachCommand,
  { file, path, output }: Entry,
  { child, tempDir, signal }: Surroundings & { child: EachChild },
): Promise<Line> {
  const { operation, params, partner } = command;
  await makeFolder(dirname(output));
  let answer: EachAnswer | undefined;
  try {
    await withOutput(await resolveTarget(output), signal, async (outputPath) => {
      const files = partner === undefined ? [path] : [path, partner];
      answer = await child.run({ operation, params, files, outputPath, tempDir }, signal);
      // The next file would fail in the same way.
      if (!answer.ok && answer.error.code === 'disk_full') throw AppError.fromRecord(answer.error);
      if (!answer.ok) throw new FileFailed();
    });
  } catch (thrown) {
    if (!(thrown instanceof FileFailed)) throw thrown;
  }
  if (!answer) throw new Error('The child gave no answer.');
  return toLine(file, answer);
}

function toEntry({ operation, params, folder, outDir, partner }: EachCommand, file: string): Entry {
  const { format } = resultOf(OPERATIONS[operation], { fileCount: partner === undefined ? 1 : 2, params });
  const extension = `.${format.extension}`;
  const name = file.toLowerCase().endsWith(extension) ? file : file + extension;
  return { file, path: join(folder, file), output: join(outDir, name) };
}

function unusableLine(file: string, problem: string): Line {
  const detail = `"${basename(file)}" ${problem}.`;
  return { file, ok: false, seconds: 0, peak_memory_bytes: null, code: 'bad_request', detail };
}

function toLine(file: string, answer: EachAnswer): Line {
  if (answer.ok) return { file, ok: true, ...answer.outcome };
  const { error, seconds, peak_memory_bytes } = answer;
  return { file, ok: false, seconds, peak_memory_bytes, code: error.code, detail: error.detail };
}

async function report(line: Line, json: boolean): Promise<void> {
  if (json) await print(JSON.stringify(line));
  else if (!line.ok) console.error(`${line.file}: ${line.detail ?? 'failed'}`);
}

async function refuseSameFolder({ folder, outDir }: EachCommand): Promise<void> {
  const [source, target] = [await identityOf(folder), await identityOf(outDir)];
  if (source !== undefined && source === target) {
    throw new UsageError(
      `"${outDir}" is the folder that is read: its files would be overwritten. Name another --out-dir.`,
    );
  }
}

/** Throws before anything is written if a result would replace an input, also through a link, or another result. */
async function refuseOverwrite({ partner }: EachCommand, entries: readonly Entry[]): Promise<void> {
  const inputs = new Map<string | undefined, string>();
  for (const path of [...entries.map(({ path }) => path), ...(partner === undefined ? [] : [partner])]) {
    inputs.set(await identityOf(path), path);
  }
  inputs.delete(undefined);
  const sources = new Map<string, string>();
  for (const { file, output } of entries) {
    const input = inputs.get(await identityOf(output));
    if (input !== undefined) throw new UsageError(`"${output}" is the input "${input}". Name another --out-dir.`);
    const other = sources.get(output);
    if (other !== undefined)
      throw new UsageError(`"${other}" and "${file}" have the same result "${output}". Rename one.`);
    sources.set(output, file);
  }
}

async function identityOf(path: string): Promise<string | undefined> {
  return identity(await stat(path, { bigint: true }).catch(() => undefined));
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((thrown: unknown) => {
    throw unwritable(path, thrown);
  });
}
