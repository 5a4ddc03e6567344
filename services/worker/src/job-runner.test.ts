import { expect, it } from '@jest/globals';
import type { JobRecord } from '@pdf-tools/jobs/record';
import { createLogger } from '@pdf-tools/runtime/logger';
import { startTracing } from '@pdf-tools/runtime/tracing';
import { JobRun } from './job-runner.js';
import type { RunnerDeps } from './job-runner.js';
import { createWorkerMetrics } from './metrics.js';

it('ends a failed job if the files of its run cannot be removed', async () => {
  const ends: unknown[] = [];
  const error = { code: 'corrupt_image', detail: 'The image is damaged.' } as const;
  // A volume removes the folder of a run at once, so that it throws instead of rejecting.
  const discard = (): never => {
    throw new Error('EPERM: operation not permitted, unlink');
  };
  const deps = {
    store: { fail: (_id: string, _fence: number, end: unknown) => Promise.resolve(ends.push(end) > 0) },
    storage: {
      openRun: () => Promise.resolve({ inputs: [], outputPath: '', discard, close: () => Promise.resolve() }),
      removeInputs: () => Promise.resolve(),
    },
    pool: { run: () => Promise.resolve({ kind: 'failed', error }) },
    replicated: () => Promise.resolve(),
    log: createLogger({ service: 'test', level: 'error' }),
    metrics: createWorkerMetrics({ version: '', revision: '' }),
    tracing: await startTracing('test', { OTEL_EXPORTER_OTLP_ENDPOINT: '', BUILD_VERSION: '' }),
  } as unknown as RunnerDeps;
  const job = { id: 'a', fence: 2, client: 'c', operation: 'image-to-pdf', lane: 'small', inputs: [], params: {} };
  await new JobRun(deps, job as unknown as JobRecord).run(() => undefined);
  expect(ends).toEqual([error]);
});
