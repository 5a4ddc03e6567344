/** Main of a warm process that runs one operation after the other as it is told over IPC, as the worker's children do. */
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openInputs } from '@pdf-tools/cli/inputs';
import { OPERATIONS } from '@pdf-tools/operations/registry';
import { toAppError } from '@pdf-tools/runtime/errors';
import type { Answer, Order } from './warm-child.js';

process.on('disconnect', () => process.exit(0));
process.on('message', (order: Order) => {
  void perform(order).then((answer) => process.send?.(answer));
});
await Promise.all(Object.values(OPERATIONS).map(({ warm }) => warm()));
process.send?.('ready');

async function perform({ operation, params = {}, files, outputPath }: Order): Promise<Answer> {
  const start = performance.now();
  const before = process.cpuUsage();
  const times = (): { ms: number; cpuMs: number } => {
    const { user, system } = process.cpuUsage(before);
    return { ms: performance.now() - start, cpuMs: (user + system) / 1_000 };
  };
  try {
    const workDir = dirname(outputPath);
    const inputs = await openInputs(operation, files, workDir);
    const context = { inputs, workDir, outputPath, signal: new AbortController().signal, progress: () => undefined };
    const { pages = 0, report } = await OPERATIONS[operation].run(context, params);
    const taken = times();
    return { ok: true, ...taken, pages, report, bytes: (await stat(outputPath)).size };
  } catch (thrown) {
    const error = toAppError(thrown);
    const { cause } = error;
    const stack = cause instanceof Error ? cause.stack : undefined;
    return {
      ok: false,
      ...times(),
      code: error.code,
      status: error.status,
      detail: error.detail,
      stack,
    };
  }
}
