import { AppError } from '@pdf-tools/runtime/errors';
import type { ErrorRecord } from '@pdf-tools/runtime/errors';
import { OPERATIONS, isOperationName } from '../registry.js';
import { toJobError } from './app-error.js';
import { boundReport } from './bound-report.js';
import { connectToParent } from './connect.js';
import { digestOutput } from './digest.js';
import { readPeakMemory, resetPeakMemory } from './memory.js';
import { MAX_CAUSE_CHARACTERS, MAX_ERROR_BYTES } from './messages.js';
import type { FromChild, Task, ToChild, Usage } from './messages.js';
import { repairedPath } from './repaired-path.js';

/**
 * Main of a child process. It runs one task after the other until its parent kills it or goes away. It may be killed at
 * any moment, so that it holds nothing that would be missed. Arguments: the operations to load before the first task,
 * all if none is named.
 */

const PROGRESS_INTERVAL_MS = 250;
/** Below the maximum size of a frame, with room for the rest of the message. */
const MAX_REPORT_BYTES = 900_000;
/** As JSON it is shorter than `MAX_ERROR_BYTES` even if each character is escaped. */
const MAX_DETAIL_CHARACTERS = 10_000;

let running: AbortController | undefined;
const repairs = new Map<number, (ok: boolean) => void>();

const send = connectToParent((message: ToChild) => {
  switch (message.type) {
    case 'run':
      void perform(message.task);
      break;
    case 'abort':
      running?.abort(new AppError('time_limit', 'The work took longer than its time limit.'));
      break;
    case 'repaired':
      repairs.get(message.input)?.(message.ok);
      repairs.delete(message.input);
      break;
  }
});

const named = process.argv.slice(2).filter(isOperationName);
const operations = named.length > 0 ? named.map((name) => OPERATIONS[name]) : Object.values(OPERATIONS);
await Promise.all(operations.map(({ warm }) => warm()));
send({ type: 'ready' });

async function perform(task: Task): Promise<void> {
  running = new AbortController();
  const measure = startMeasuring(task);
  try {
    const { inputs, workDir, outputPath } = task;
    const context = {
      ...{ inputs, workDir, outputPath },
      signal: running.signal,
      progress: reportProgress(),
      repair: (input: number) => requestRepair(task, input),
    };
    const { pages, report } = await OPERATIONS[task.operation].run(context, task.params);
    const result = { pages, report: boundReport(report, MAX_REPORT_BYTES) };
    send({ type: 'done', result, output: digestOutput(task.outputPath), usage: measure() });
  } catch (thrown) {
    send(describeFailure(thrown, measure()));
  } finally {
    running = undefined;
  }
}

/** The parent repairs, because this process can start no other. */
async function requestRepair({ workDir }: Task, input: number): Promise<string | undefined> {
  const ok = await new Promise<boolean>((resolve) => {
    repairs.set(input, resolve);
    send({ type: 'repair', input });
  });
  return ok ? repairedPath(workDir, input) : undefined;
}

function describeFailure(thrown: unknown, usage: Usage): FromChild {
  const error = asAppError(thrown);
  const { cause } = error;
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : undefined;
  return {
    type: 'failed',
    error: boundError(error.toRecord()),
    ...(text !== undefined && { cause: text.slice(0, MAX_CAUSE_CHARACTERS) }),
    usage,
  };
}

function boundError(error: ErrorRecord): ErrorRecord {
  if (Buffer.byteLength(JSON.stringify(error)) <= MAX_ERROR_BYTES) return error;
  return { code: error.code, detail: error.detail.slice(0, MAX_DETAIL_CHARACTERS) };
}

function asAppError(thrown: unknown): AppError {
  if (isOutOfAddressSpace(thrown))
    return new AppError('out_of_memory', 'The work needed more memory than its limit.', { cause: thrown });
  return toJobError(thrown);
}

/** What V8 and Node throw when the limit of the address space refuses a buffer. Anything else aborts the process. */
function isOutOfAddressSpace(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  return (
    (thrown instanceof RangeError && thrown.message === 'Array buffer allocation failed') ||
    ('code' in thrown && thrown.code === 'ERR_MEMORY_ALLOCATION_FAILED')
  );
}

function startMeasuring({ measuresMemory = false }: Task): () => Usage {
  if (measuresMemory) resetPeakMemory();
  const start = performance.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    const peak_memory_bytes = (measuresMemory ? readPeakMemory() : undefined) ?? null;
    return { ms: performance.now() - start, cpu_ms: (user + system) / 1_000, peak_memory_bytes };
  };
}

/** Sends the first report after a quarter of a second, because most jobs end before, and then one in each. */
function reportProgress(): (percent: number, stage: string) => void {
  let last = Date.now();
  return (percent, stage) => {
    const now = Date.now();
    if (now - last < PROGRESS_INTERVAL_MS) return;
    last = now;
    send({ type: 'progress', percent, stage });
  };
}
