import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { defineOperation } from './operation.js';
import { PDF_RESULT } from './result-format.js';

it('loads an operation once, and again if that failed', async () => {
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
      if (++loads === 1) return Promise.reject(new Error('EMFILE: too many open files'));
      return Promise.resolve(() => Promise.resolve({ report: {} }));
    },
  });
  await expect(operation.warm()).rejects.toThrow('EMFILE');
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
  expect(loads).toBe(2);
});
