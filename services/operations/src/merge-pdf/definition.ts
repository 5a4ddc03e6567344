import { defineOperation } from '../operation.js';
import { PDF_RESULT } from '../result-format.js';
import { mergeParams } from './options.js';

export default defineOperation({
  title: 'Merge PDFs',
  summary: 'One PDF with all pages of all files, in the order of the files. Images are welcome among them.',
  accepts: { field: 'files', formats: ['pdf', 'jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'], maxFiles: 500 },
  params: mergeParams,
  result: { format: PDF_RESULT, name: 'merged' },
  reportsSizes: false,
  load: async () => (await import('./run.js')).run,
});
