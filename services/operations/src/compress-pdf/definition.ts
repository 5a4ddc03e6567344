import { defineOperation } from '../operation.js';
import { compressParams } from './params.js';

export default defineOperation({
  title: 'Compress a PDF',
  summary: 'The same document in fewer bytes: images above the wanted resolution are resampled, streams are repacked.',
  accepts: { field: 'file', formats: ['pdf'], maxFiles: 1 },
  params: compressParams,
  resultName: 'compressed.pdf',
  reportsSizes: true,
  load: async () => (await import('./run.js')).run,
});
