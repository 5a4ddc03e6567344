import type { Run } from '../operation.js';
import { withOutputPassword } from '../output-password.js';
import { parseColor } from './color.js';
import { readLayout } from './page-layout.js';
import type { ImageToPdfParams } from './params.js';
import { readRotations } from './rotations.js';
import { writeImagePdf } from './write-image-pdf.js';

/** Makes a PDF with a page for each image, in the order of the files. */
const convert: Run<ImageToPdfParams> = async ({ inputs, outputPath, signal, progress }, params) => {
  const rotations = readRotations(params.rotate, inputs.length);
  const files = inputs.map((file, index) => ({ file, index, rotation: rotations[index] ?? 0 }));
  const written = await writeImagePdf(outputPath, files, {
    layout: readLayout(params),
    background: params.background === 'none' ? undefined : parseColor(params.background),
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
