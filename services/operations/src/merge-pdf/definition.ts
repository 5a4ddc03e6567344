import { IMAGE_FORMATS } from '../formats.js';
import { defineOperation } from '../operation.js';
import { PDF_RESULT } from '../result-format.js';
import { mergeParams } from './options.js';
import { mergeReport } from './report-schema.js';

export default defineOperation({
  title: 'Merge PDFs',
  summary: 'Joins PDFs and images into one PDF, in the order of the files.',
  accepts: { field: 'files', formats: ['pdf', ...IMAGE_FORMATS], maxFiles: 500 },
  params: mergeParams,
  result: { format: PDF_RESULT, name: 'merged', report: mergeReport },
  fileErrors: [
    'corrupt_image',
    'corrupt_pdf',
    'invalid_range',
    'password_required',
    'password_wrong',
    'too_many_pages',
    'too_many_pixels',
  ],
  reportsSizes: false,
  load: async () => (await import('./run.js')).run,
});
