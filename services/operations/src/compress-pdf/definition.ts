import { defineOperation } from '../operation.js';
import { PDF_RESULT, ZIP_RESULT } from '../result-format.js';
import { compressParams } from './params.js';
import { compressArchiveReport, compressReport } from './report-schema.js';

export default defineOperation({
  title: 'Compress a PDF',
  summary:
    'Makes a PDF smaller. Images above the target resolution are resampled, and streams are compressed again. Several files give a ZIP with a manifest.',
  accepts: { field: 'file', repeatedField: 'files', formats: ['pdf'], maxFiles: 200 },
  params: compressParams,
  result: { format: PDF_RESULT, name: 'compressed', report: compressReport },
  alternative: {
    format: ZIP_RESULT,
    name: 'compressed',
    report: compressArchiveReport,
    isFor: ({ fileCount }) => fileCount > 1,
  },
  fileErrors: ['corrupt_pdf', 'password_required', 'password_wrong', 'signed_pdf', 'too_many_pages', 'too_many_pixels'],
  reportsSizes: true,
  load: async () => (await import('./run.js')).run,
});
