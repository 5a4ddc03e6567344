import { AppError, toAppError } from '@pdf-tools/runtime/errors';
import type { EachAnswer, EachOrder } from './each-messages.js';
import { FileError } from './exit-codes.js';
import { isDiskFull } from './file-errors.js';
import { readPeakMemory } from './memory.js';
import { runOperation, secondsSince } from './run-operation.js';

/** The warm process of `--each`: takes one order after the other until its parent goes away. */
process.on('message', (order: EachOrder) => {
  void answer(order).then((reply) => process.send?.(reply));
});

async function answer(order: EachOrder): Promise<EachAnswer> {
  const start = performance.now();
  try {
    const options = { signal: new AbortController().signal, progress: () => undefined };
    return { ok: true, outcome: await runOperation(order, options) };
  } catch (thrown) {
    return {
      ok: false,
      error: toRecord(thrown).toRecord(),
      seconds: secondsSince(start),
      peak_memory_bytes: readPeakMemory() ?? null,
    };
  }
}

function toRecord(thrown: unknown): AppError {
  if (isDiskFull(thrown)) return new AppError('disk_full', 'No space is left on the device.', { cause: thrown });
  return thrown instanceof FileError ? new AppError('bad_request', thrown.message) : toAppError(thrown);
}
