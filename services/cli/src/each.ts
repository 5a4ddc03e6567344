import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { JsonObject } from '@pdf-tools/operations/operation';
import { OPERATIONS } from '@pdf-tools/operations/registry';
import { AppError } from '@pdf-tools/runtime/errors';
import type { ErrorCode } from '@pdf-tools/runtime/errors';
import type { EachCommand } from './command.js';
import type { EachAnswer, EachOrder } from './each-messages.js';
import { UsageError } from './exit-codes.js';
import { unwritable } from './file-errors.js';
import { listFolder } from './folder.js';
import { readPeakMemory } from './memory.js';
import { withOutput, withTempDir } from './output.js';
import { createProgressLine } from './progress.js';
import { secondsSince } from './run-operation.js';
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

/** Heap of the child in MiB, so that a hostile file ends the child rather than the machine. */
const CHILD_HEAP_MIB = 2048;

/** A child that needed more bytes than this is replaced: what it keeps would count as the next file's peak. */
const REPLACE_ABOVE_BYTES = 512 * 1024 * 1024;

/** Keeps a failed file from being renamed into its place. */
class FileFailed extends Error {}

/** One file of the folder: its name for people, and where it is read from and written to. */
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
  const worker = new Worker(command.timeoutSeconds);
  const progress = createProgressLine(command.quiet || command.json);
  let allWell = true;
  const stop = (): void => {
    void worker.kill();
  };
  signal.addEventListener('abort', stop);
  try {
    for (const [index, entry] of entries.entries()) {
      signal.throwIfAborted();
      progress.show(`${command.operation}: ${index + 1} of ${entries.length} ${entry.file}`);
      const line = await runFile(command, entry, { worker, tempDir, signal });
      signal.throwIfAborted();
      allWell &&= line.ok;
      await report(line, command.json);
    }
  } finally {
    signal.removeEventListener('abort', stop);
    await worker.kill();
    progress.clear();
  }
  return allWell;
}

async function runFile(
  command: EachCommand,
  { file, path, output }: Entry,
  { worker, tempDir, signal }: Surroundings & { worker: Worker },
): Promise<Line> {
  const { operation, params, partner } = command;
  await makeFolder(dirname(output));
  let answer: EachAnswer | undefined;
  try {
    await withOutput(await resolveTarget(output), signal, async (outputPath) => {
      const files = partner === undefined ? [path] : [path, partner];
      answer = await worker.run({ operation, params, files, outputPath, tempDir });
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

function toEntry({ operation, folder, outDir }: EachCommand, file: string): Entry {
  const extension = `.${OPERATIONS[operation].result.format.extension}`;
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

/** The child process, started when it is needed and replaced when it was killed or crashed. */
class Worker {
  readonly #timeoutMs: number;
  #child: ChildProcess | undefined;

  constructor(timeoutSeconds: number) {
    this.#timeoutMs = timeoutSeconds * 1000;
  }

  /** Ends the child, and returns when it can write no more. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  /** Runs one order. What outlasts the limit is killed; a crash is an answer like any other. */
  async run(order: EachOrder): Promise<EachAnswer> {
    const child = (this.#child ??= startChild());
    const start = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const timeUp = new Promise<'time'>((resolve) => {
      timer = setTimeout(resolve, this.#timeoutMs, 'time');
    });
    const listening = new AbortController();
    const answered = once(child, 'message', listening).then(([answer]) => answer as EachAnswer);
    const exited = once(child, 'exit', listening).then(([, name]) => (name === 'SIGABRT' ? 'memory' : 'crash'));
    answered.catch(ignore);
    exited.catch(ignore);
    child.send(order);
    const ending = await Promise.race([answered, exited, timeUp]);
    clearTimeout(timer);
    listening.abort();
    if (typeof ending === 'object') {
      if (peakOf(ending) > REPLACE_ABOVE_BYTES) await this.kill();
      return ending;
    }
    const peak = child.pid === undefined ? undefined : readPeakMemory(child.pid);
    await this.kill();
    return { ok: false, error: ENDINGS[ending], seconds: secondsSince(start), peak_memory_bytes: peak ?? null };
  }
}

function peakOf(answer: EachAnswer): number {
  return (answer.ok ? answer.outcome.peak_memory_bytes : answer.peak_memory_bytes) ?? 0;
}

const ENDINGS = {
  time: { code: 'time_limit', detail: 'The file took longer than the time limit.' },
  memory: { code: 'out_of_memory', detail: 'The file needed too much memory.' },
  crash: { code: 'worker_crashed', detail: 'The process crashed on the file.' },
} as const;

/** Its output is dropped: libraries write notes about damaged files there, and errors come as messages. */
function startChild(): ChildProcess {
  const script = new URL('./each-child.js', import.meta.url);
  return fork(script, {
    execArgv: [`--max-old-space-size=${CHILD_HEAP_MIB}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
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

function ignore(): void {
  // The race is over; the loser's end is of no interest.
}
