import { fileURLToPath } from 'node:url';
import { WarmChild } from '@pdf-tools/harness/warm-child';
import { ask } from '../corpus/readers.js';
import { runOnce } from './peers/resident.js';
import type { Sample } from './peers/resident.js';

/** A program that compresses a file. */
export interface Compressor {
  readonly name: string;
  readonly compress: (input: string, output: string) => Promise<Sample>;
}

const NO_LIMITS = { ms: 600_000, bytes: Infinity };
const CLI = fileURLToPath(import.meta.resolve('@pdf-tools/cli/main'));
const EBOOK = ['-q', '-dNOPAUSE', '-dBATCH', '-dSAFER', '-sDEVICE=pdfwrite', '-dPDFSETTINGS=/ebook'];
/** The settings closest to ours: images at 144 dpi. */
const RESOLUTION = ['-dColorImageResolution=144', '-dGrayImageResolution=144'];
const PREDECESSOR =
  'import sys; sys.path.insert(0, sys.argv[1]); from tools.compress_pdf import compress_pdf; compress_pdf(sys.argv[2], sys.argv[3])';

/** Ghostscript with images at 144 dpi and, unless only that is asked for, with its own settings for /ebook. */
export async function ghostscript(settings: readonly ('144 dpi' | '/ebook')[]): Promise<Compressor[]> {
  if ((await ask('gs', ['--version'])).status !== 0) {
    console.log('NO GHOSTSCRIPT here: it is left out');
    return [];
  }
  return settings.map((setting) => ({
    name: `Ghostscript ${setting}, whole process`,
    compress: (input, output) =>
      runOnce('gs', [...EBOOK, ...(setting === '144 dpi' ? RESOLUTION : []), `-sOutputFile=${output}`, input]),
  }));
}

/** The tool of the predecessor in `folder`, on a Python with PyPDF2 and Pillow. */
export async function predecessor(python: string, folder: string): Promise<Compressor[]> {
  const loads = await ask(python === '' ? 'false' : python, ['-c', 'import PyPDF2, PIL']);
  if (loads.status !== 0 || folder === '') {
    console.log('NO PREDECESSOR with PyPDF2 and Pillow here: it is left out');
    return [];
  }
  const compress: Compressor['compress'] = (input, output) =>
    runOnce(python, ['-B', '-c', PREDECESSOR, folder, input, output]);
  return [{ name: 'PyPDF2 and Pillow, whole process', compress }];
}

/** Our command line. */
export const oursWhole: Compressor = {
  name: 'ours, whole process',
  compress: (input, output) => runOnce(process.execPath, [CLI, 'compress-pdf', input, '-o', output, '--quiet']),
};

/** Our child process, which stays warm as in the worker. */
export class OursWarm implements Compressor {
  readonly name = 'ours, warm';
  readonly #child = new WarmChild(NO_LIMITS);

  readonly compress = async (
    input: string,
    output: string,
    params: Readonly<Record<string, unknown>> = {},
  ): Promise<Sample> => {
    const { kind, answer, peak, before } = await this.#child.run({
      operation: 'compress-pdf',
      files: [input],
      outputPath: output,
      params,
    });
    if (!answer?.ok) throw new Error(`compress-pdf ended with ${answer ? answer.code : kind}`);
    return { ms: answer.ms, cpuMs: answer.cpuMs, peak, before };
  };

  stop(): void {
    this.#child.stop();
  }
}
