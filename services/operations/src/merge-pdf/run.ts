import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { blaming } from '../fault.js';
import type { NumberedFile } from '../fault.js';
import { writeImagePdf } from '../images/write-image-pdf.js';
import type { JsonObject, Run } from '../operation.js';
import { Merger } from './merger.js';

/** One PDF with the pages of all files in their order; a picture becomes pages as `image-to-pdf` makes them. */
export const run: Run<unknown> = async ({ inputs, workDir, outputPath, signal, progress }) => {
  const merger = new Merger();
  const counts: number[] = [];
  for (const [index, file] of inputs.entries()) {
    signal.throwIfAborted();
    const numbered = { file, index };
    const bytes = await readAsPdf(numbered, workDir, signal);
    counts.push(await blaming(numbered, () => merger.add(bytes)));
    progress(Math.round((90 * (index + 1)) / inputs.length), 'merging');
  }
  signal.throwIfAborted();
  const { bytes, lost } = await merger.finish();
  await writeFile(outputPath, bytes);
  progress(100, 'writing');
  const files = inputs.map((file, index): JsonObject => {
    const not_kept = lost[index] ?? [];
    return { index, name: file.name, pages: counts[index] ?? 0, ...(not_kept.length > 0 && { not_kept }) };
  });
  return { pages: merger.pages, report: { files, pages: merger.pages } };
};

/** The file's bytes, or those of a PDF made of its pictures. */
async function readAsPdf(numbered: NumberedFile, workDir: string, signal: AbortSignal): Promise<Uint8Array> {
  if (numbered.file.format === 'pdf') return readFile(numbered.file.path);
  await mkdir(workDir, { recursive: true });
  const path = join(workDir, `image-${numbered.index}.pdf`);
  await writeImagePdf(path, [numbered], { signal });
  const bytes = await readFile(path);
  await rm(path);
  return bytes;
}
