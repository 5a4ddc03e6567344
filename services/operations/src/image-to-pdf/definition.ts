import { IMAGE_FORMATS } from '../formats.js';
import { defineOperation } from '../operation.js';
import { PDF_RESULT, ZIP_RESULT } from '../result-format.js';
import { imageToPdfParams } from './params.js';
import { imageArchiveReport, imageReport } from './report-schema.js';

export default defineOperation({
  title: 'Images to PDF',
  summary: 'Makes one PDF with a page per image, in the order of the files. Images are kept without loss.',
  accepts: { field: 'files', formats: IMAGE_FORMATS, maxFiles: 1_000 },
  params: imageToPdfParams,
  result: { format: PDF_RESULT, name: 'images', report: imageReport },
  alternative: {
    format: ZIP_RESULT,
    name: 'images',
    report: imageArchiveReport,
    isFor: ({ params }) => params.combine === false,
  },
  fileErrors: ['corrupt_image', 'too_many_pages', 'too_many_pixels'],
  reportsSizes: false,
  load: async () => (await import('./run.js')).run,
});
