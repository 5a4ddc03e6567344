import { isDiskFull } from '@pdf-tools/runtime/storage';
import { AppError, toAppError } from '@pdf-tools/runtime/errors';
import { OPERATIONS } from '@pdf-tools/operations/registry';
import type { FromChild, Task, ToChild } from './messages.js';
import { digestOutput } from './output.js';

/**
 * Main of a child process: does one job after the other, as told over IPC, until it is killed or its parent goes away.
 * It may be killed at any moment, so that it keeps nothing that anybody would miss.
 */

const PROGRESS_INTERVAL_MS = 250;

let running: AbortController | undefined;

process.on('message', (message: ToChild) => {
  if (message.type === 'abort') running?.abort(new AppError('time_limit', 'The work took longer than it may.'));
  else void perform(message.task);
});
process.on('disconnect', () => process.exit(0));
// The parent alone decides when its children end: a Ctrl-C at the terminal reaches the whole process group.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);

await Promise.all(Object.values(OPERATIONS).map(({ warm }) => warm()));
send({ type: 'ready' });

async function perform(task: Task): Promise<void> {
  running = new AbortController();
  try {
    const result = await OPERATIONS[task.operation].run(
      {
        inputs: task.inputs,
        workDir: task.workDir,
        outputPath: task.outputPath,
        signal: running.signal,
        progress: reportProgress(),
      },
      task.params,
    );
    send({ type: 'done', result, output: digestOutput(task.outputPath) });
  } catch (thrown) {
    const error = asAppError(thrown);
    const { cause } = error;
    send({
      type: 'failed',
      error: error.toRecord(),
      cause: cause instanceof Error ? (cause.stack ?? cause.message) : undefined,
    });
  } finally {
    running = undefined;
  }
}

function asAppError(thrown: unknown): AppError {
  if (isDiskFull(thrown)) return new AppError('disk_full', 'The disk is full.', { retryAfter: 60, cause: thrown });
  if (isOutOfAddressSpace(thrown))
    return new AppError('out_of_memory', 'The work needed more memory than it may have.', { cause: thrown });
  return toAppError(thrown);
}

/** What V8 and Node throw where the limit of the address space refuses a buffer; everything else there is an abort. */
function isOutOfAddressSpace(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  return (
    (thrown instanceof RangeError && thrown.message === 'Array buffer allocation failed') ||
    ('code' in thrown && thrown.code === 'ERR_MEMORY_ALLOCATION_FAILED')
  );
}

/** Most jobs end before anybody could look: the first report goes out after a quarter of a second, then one in each. */
function reportProgress(): (percent: number, stage: string) => void {
  let last = Date.now();
  return (percent, stage) => {
    const now = Date.now();
    if (now - last < PROGRESS_INTERVAL_MS) return;
    last = now;
    send({ type: 'progress', percent, stage });
  };
}

function send(message: FromChild): void {
  process.send?.(message);
}
