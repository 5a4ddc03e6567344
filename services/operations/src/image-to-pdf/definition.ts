import { IMAGE_FORMATS } from '../formats.js';
import { defineOperation } from '../operation.js';
import { PDF_RESULT, ZIP_RESULT } from '../result-format.js';
import { imageToPdfParams } from './params.js';

export default defineOperation({
  title: 'Images to PDF',
  summary: 'Makes one PDF with a page per image, in the order of the files. Images are kept without loss.',
  accepts: { field: 'files', formats: IMAGE_FORMATS, maxFiles: 1_000 },
  params: imageToPdfParams,
  result: { format: PDF_RESULT, name: 'images' },
  alternative: { format: ZIP_RESULT, name: 'images', isFor: ({ params }) => params.combine === false },
  reportsSizes: false,
  load: async () => (await import('./run.js')).run,
});
