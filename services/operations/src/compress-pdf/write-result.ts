import type { PdfFile, Reachable, WriterOptions } from '@pdf-tools/pdf';
import { LinearizedOutput } from '../linearized-output.js';
import type { RunContext } from '../operation.js';
import type { Changes } from './changes.js';
import type { Linearization } from './report.js';
import { writeCompressed } from './write-compressed.js';

interface Options extends WriterOptions {
  readonly changes: Changes;
  /** The objects of the file that its trailer leads to. */
  readonly reachable: Reachable;
  /** Whether to linearize the document. */
  readonly linearizes: boolean;
}

/** Facts about the document at the output path. */
export interface Written {
  /** The number of objects that nothing refers to. */
  readonly dropped: number;
  readonly linearization: Linearization | undefined;
}

/** Writes the compressed document to the output path, linearized if that is asked for and possible. */
export function writeResult(
  job: Pick<RunContext, 'workDir' | 'outputPath'>,
  file: PdfFile,
  { linearizes, encryption, ...options }: Options,
): Written {
  const dropsClaims = encryption !== undefined;
  const writeDirectly = (): number => writeCompressed(file, job.outputPath, { ...options, encryption, dropsClaims });
  if (!linearizes) return { dropped: writeDirectly(), linearization: undefined };
  const output = new LinearizedOutput(job);
  try {
    const dropped = writeCompressed(file, output.path, { ...options, dropsClaims });
    const reason = output.write({ ...options, encryption });
    if (reason !== undefined) writeDirectly();
    return { dropped, linearization: { reason } };
  } finally {
    output.remove();
  }
}
