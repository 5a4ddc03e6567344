import { writeImagePdf } from '../images/write-image-pdf.js';
import type { Run } from '../operation.js';
import { withOutputPassword } from '../output-password.js';
import type { ImageToPdfParams } from './params.js';

/** Makes a PDF with a page for each image, in the order of the files. */
const convert: Run<ImageToPdfParams> = async ({ inputs, outputPath, signal, progress }) => {
  const files = inputs.map((file, index) => ({ file, index }));
  const written = await writeImagePdf(outputPath, files, {
    signal,
    onFile: (done) => {
      progress(Math.round((100 * done) / files.length), 'images');
    },
  });
  const pages = written.reduce((sum, file) => sum + file.pages, 0);
  const report = written.map((file, index) => ({
    index,
    name: inputs[index]?.name ?? '',
    pages: file.pages,
    ...(file.notes.length > 0 && { notes: file.notes }),
  }));
  return { pages, report: { files: report, pages } };
};

export const run = withOutputPassword(convert);
