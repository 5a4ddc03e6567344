import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { defineOperation } from './operation.js';
import { PDF_RESULT } from './result-format.js';

it('loads an operation once', async () => {
  let loads = 0;
  const operation = defineOperation({
    title: 'Count',
    summary: 'Counts how often it is loaded.',
    accepts: { field: 'files', formats: ['pdf'], maxFiles: 1 },
    params: z.object({}),
    result: { format: PDF_RESULT, name: 'count', report: z.object({}) },
    fileErrors: [],
    reportsSizes: false,
    load: () => {
      loads++;
      return Promise.resolve(() => Promise.resolve({ report: {} }));
    },
  });
  await operation.warm();
  const { signal } = new AbortController();
  const context = {
    inputs: [],
    workDir: '',
    outputPath: '',
    signal,
    progress: () => undefined,
    repair: () => Promise.resolve(undefined),
  };
  await operation.run(context, {});
  await operation.run(context, {});
  expect(loads).toBe(1);
});
