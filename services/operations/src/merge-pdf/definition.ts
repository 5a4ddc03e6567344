import { defineOperation } from '../operation.js';
import { mergeParams } from './options.js';

export default defineOperation({
  title: 'Merge PDFs',
  summary: 'One PDF with all pages of all files, in the order of the files. Images are welcome among them.',
  accepts: { field: 'files', formats: ['pdf', 'jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'], maxFiles: 500 },
  params: mergeParams,
  resultName: 'merged.pdf',
  reportsSizes: false,
  load: async () => (await import('./run.js')).run,
});
