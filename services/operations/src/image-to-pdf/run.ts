import { orderFiles } from '../file-order.js';
import type { Run } from '../operation.js';
import { withOutputPassword } from '../output-password.js';
import { parseColor } from './color.js';
import { readLayout } from './page-layout.js';
import type { ImageToPdfParams } from './params.js';
import { ImageReport } from './report.js';
import { readRotations } from './rotations.js';
import { writeImagePdf } from './write-image-pdf.js';

/** Makes a PDF with a page for each image. */
const convert: Run<ImageToPdfParams> = async ({ inputs, outputPath, signal, progress }, params) => {
  const rotations = readRotations(params.rotate, inputs.length);
  const files = inputs.map((file, index) => ({ file, index, rotation: rotations[index] ?? 0 }));
  const ordered = orderFiles(inputs, params.order).flatMap((index) => files[index] ?? []);
  const report = new ImageReport();
  await writeImagePdf(outputPath, ordered, {
    layout: readLayout(params),
    background: params.background === 'none' ? undefined : parseColor(params.background),
    metadata: params.metadata,
    frames: params.frames,
    report,
    signal,
    onFile: (done) => {
      progress(Math.round((100 * done) / files.length), 'images');
    },
  });
  return { pages: report.pages, report: report.describe(files) };
};

export const run = withOutputPassword(convert);
