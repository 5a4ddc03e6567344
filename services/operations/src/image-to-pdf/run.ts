import { writeImagePdf } from '../images/write-image-pdf.js';
import type { Run } from '../operation.js';
import { withOutputPassword } from '../output-password.js';
import type { ImageToPdfParams } from './params.js';

/** Makes a PDF with a page for each image, in the order of the files. */
const convert: Run<ImageToPdfParams> = async ({ inputs, outputPath, signal, progress }) => {
  const files = inputs.map((file, index) => ({ file, index }));
  const counts = await writeImagePdf(outputPath, files, {
    signal,
    onFile: (done) => {
      progress(Math.round((100 * done) / files.length), 'images');
    },
  });
  const pages = counts.reduce((sum, count) => sum + count, 0);
  const report = files.map(({ file, index }) => ({ index, name: file.name, pages: counts[index] ?? 0 }));
  return { pages, report: { files: report, pages } };
};

export const run = withOutputPassword(convert);
