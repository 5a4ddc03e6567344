import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, realpath } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { JsonObject } from '@pdf-tools/operations/operation';
import type { ErrorCode } from '@pdf-tools/shared/errors';
import type { EachCommand } from './command.js';
import type { EachAnswer, EachOrder } from './each-messages.js';
import { FileError, UsageError } from './exit-codes.js';
import { readPeakMemory } from './memory.js';
import { withOutput, withTempDir } from './output.js';
import { createProgressLine } from './progress.js';
import { secondsSince } from './run-operation.js';

/** What `--json` prints for one file. */
interface Line {
  readonly file: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly input_bytes?: number;
  readonly output_bytes?: number;
  readonly pages?: number;
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

/** Runs the operation on every file of a folder, and returns true when all went well. */
export async function runEach(command: EachCommand, signal: AbortSignal): Promise<boolean> {
  const files = await listFiles(command.folder);
  await refuseSameFolder(command);
  return withTempDir((tempDir) => runFiles(command, files, { signal, tempDir }));
}

interface Surroundings {
  readonly signal: AbortSignal;
  readonly tempDir: string;
}

async function runFiles(
  command: EachCommand,
  files: readonly string[],
  { signal, tempDir }: Surroundings,
): Promise<boolean> {
  const worker = new Worker(command.timeoutSeconds);
  const progress = createProgressLine(command.quiet || command.json);
  let allWell = true;
  const stop = (): void => {
    worker.kill();
  };
  signal.addEventListener('abort', stop);
  try {
    for (const [index, file] of files.entries()) {
      signal.throwIfAborted();
      progress.show(`${command.operation}: ${index + 1} of ${files.length} ${file}`);
      const line = await runFile(command, file, { worker, tempDir });
      signal.throwIfAborted();
      allWell &&= line.ok;
      report(line, command.json);
    }
  } finally {
    signal.removeEventListener('abort', stop);
    worker.kill();
    progress.clear();
  }
  return allWell;
}

async function runFile(
  command: EachCommand,
  file: string,
  { worker, tempDir }: { worker: Worker; tempDir: string },
): Promise<Line> {
  const { operation, params, partner } = command;
  const path = join(command.folder, file);
  const output = join(command.outDir, /\.pdf$/i.test(file) ? file : `${file}.pdf`);
  await mkdir(dirname(output), { recursive: true });
  let answer: EachAnswer | undefined;
  try {
    await withOutput(output, async (outputPath) => {
      const files = partner === undefined ? [path] : [path, partner];
      answer = await worker.run({ operation, params, files, outputPath, tempDir });
      if (!answer.ok) throw new FileFailed();
    });
  } catch (thrown) {
    if (!(thrown instanceof FileFailed)) throw thrown;
  }
  if (!answer) throw new Error('The child gave no answer.');
  return toLine(file, answer);
}

function toLine(file: string, answer: EachAnswer): Line {
  if (answer.ok) return { file, ok: true, ...answer.outcome };
  const { error, seconds, peak_memory_bytes } = answer;
  return { file, ok: false, seconds, peak_memory_bytes, code: error.code, detail: error.detail };
}

function report(line: Line, json: boolean): void {
  if (json) console.log(JSON.stringify(line));
  else if (!line.ok) console.error(`${line.file}: ${line.detail ?? 'failed'}`);
}

/** The child process, started when it is needed and replaced when it was killed or crashed. */
class Worker {
  readonly #timeoutMs: number;
  #child: ChildProcess | undefined;

  constructor(timeoutSeconds: number) {
    this.#timeoutMs = timeoutSeconds * 1000;
  }

  kill(): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
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
      if (peakOf(ending) > REPLACE_ABOVE_BYTES) this.kill();
      return ending;
    }
    const peak = child.pid === undefined ? undefined : readPeakMemory(child.pid);
    this.kill();
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

async function listFiles(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return files.map((path) => relative(folder, path)).sort();
  } catch (thrown) {
    throw new FileError('input', `"${folder}" cannot be read as a folder.`, thrown);
  }
}

async function refuseSameFolder({ folder, outDir }: EachCommand): Promise<void> {
  await mkdir(outDir, { recursive: true });
  if ((await realpath(folder)) === (await realpath(outDir))) {
    throw new UsageError('--out-dir is the folder that is read: its files would be written over.');
  }
}

function ignore(): void {
  // The race is over; the loser's end is of no interest.
}
