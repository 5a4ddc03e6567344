import { IMAGE_FORMATS } from '../formats.js';
import { defineOperation } from '../operation.js';
import { PDF_RESULT } from '../result-format.js';
import { mergeParams } from './options.js';

export default defineOperation({
  title: 'Merge PDFs',
  summary: 'Joins PDFs and images into one PDF, in the order of the files.',
  accepts: { field: 'files', formats: ['pdf', ...IMAGE_FORMATS], maxFiles: 500 },
  params: mergeParams,
  result: { format: PDF_RESULT, name: 'merged' },
  reportsSizes: false,
  load: async () => (await import('./run.js')).run,
});
