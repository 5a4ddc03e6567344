import { defineOperation } from '../operation.js';
import { PDF_RESULT } from '../result-format.js';
import { compressParams } from './params.js';

export default defineOperation({
  title: 'Compress a PDF',
  summary: 'Makes a PDF smaller. Images above the target resolution are resampled, and streams are compressed again.',
  accepts: { field: 'file', formats: ['pdf'], maxFiles: 1 },
  params: compressParams,
  result: { format: PDF_RESULT, name: 'compressed' },
  reportsSizes: true,
  load: async () => (await import('./run.js')).run,
});
