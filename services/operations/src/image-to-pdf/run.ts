import { writeImagePdf } from '../images/write-image-pdf.js';
import type { Run } from '../operation.js';

/** A PDF with a page for each picture, in the order of the files. */
export const run: Run<unknown> = async ({ inputs, outputPath, signal, progress }) => {
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
