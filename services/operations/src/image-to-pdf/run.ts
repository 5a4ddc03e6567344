import { archiveResults } from '../archive/archive-results.js';
import { orderFiles } from '../file-order.js';
import type { Run, RunContext, RunResult } from '../operation.js';
import { withOutputPassword } from '../output-password.js';
import { parseColor } from './color.js';
import type { ImageFile } from './image-file.js';
import { readLayout } from './page-layout.js';
import type { ImageToPdfParams } from './params.js';
import { ImageReport } from './report.js';
import { readRotations } from './rotations.js';
import { writeImagePdf } from './write-image-pdf.js';

const EXTENSION = /(?<=.)\.[A-Za-z0-9]{1,5}$/;

/** Makes a PDF with a page for each image, or a ZIP with a PDF for each file. */
export const run: Run<ImageToPdfParams> = async (job, params) => {
  const rotations = readRotations(params.rotate, job.inputs.length);
  const files = job.inputs.map((file, index) => ({ file, index, rotation: rotations[index] ?? 0 }));
  const ordered = orderFiles(job.inputs, params.order).flatMap((index) => files[index] ?? []);
  if (params.combine) return convert(job, ordered, params);
  const { report } = await archiveResults(job, ordered, {
    runOne: (part, file) => convert(part, [file], params),
    describe: (result) => ({ report: result.report }),
    entryName: ({ file }) => file.name.replace(EXTENSION, ''),
    participle: 'converted',
  });
  return { report };
};

/** Writes a PDF, which is encrypted if there is a password. */
function convert(job: RunContext, files: readonly ImageFile[], params: ImageToPdfParams): Promise<RunResult> {
  return withOutputPassword<ImageToPdfParams>((part) => writePdf(part, files, params))(job, params);
}

async function writePdf(
  { outputPath, signal, progress }: RunContext,
  files: readonly ImageFile[],
  params: ImageToPdfParams,
): Promise<RunResult> {
  const report = new ImageReport();
  await writeImagePdf(outputPath, files, {
    layout: readLayout(params),
    background: params.background === 'none' ? undefined : parseColor(params.background),
    metadata: params.metadata,
    frames: params.frames,
    bilevel: params.bilevel,
    report,
    signal,
    onFile: (done) => {
      progress(Math.round((100 * done) / files.length), 'images');
    },
  });
  return { pages: report.pages, report: report.describe(files) };
}
