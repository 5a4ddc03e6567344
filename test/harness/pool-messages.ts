import type { FromChild } from '@pdf-tools/operations/process/messages';
import type { JsonObject } from '@pdf-tools/operations/operation';

/** Returns the message of a test's child that is done, with a report and an unchecked output of `bytes` bytes. */
export function doneMessage(report: JsonObject, bytes = 0): FromChild {
  const output = { bytes, sha256: '0'.repeat(64) };
  return {
    type: 'done',
    result: { pages: 1, report },
    output,
    usage: { ms: 0, cpu_ms: 0, peak_memory_bytes: null },
  };
}
