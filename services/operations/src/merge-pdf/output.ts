import { LinearizedOutput } from '../linearized-output.js';
import type { RunContext } from '../operation.js';
import { outputEncryption } from '../output-password.js';
import { ImageWriter, PdfWriter, ObjectDeduplicator } from '@pdf-tools/pdf';
import type { PdfaPart, WriterOptions } from '@pdf-tools/pdf';
import type { MergeParams } from './options.js';

/** The result file. It is created for the first image, or when the claims of the result are known. */
export class MergeOutput {
  /** Finds objects that several files share. */
  readonly deduplicator = new ObjectDeduplicator();
  readonly #path: string;
  readonly #params: MergeParams;
  readonly #linearized: LinearizedOutput | undefined;
  #options: WriterOptions = {};
  #writer: PdfWriter | undefined;
  #images: ImageWriter | undefined;

  constructor(job: Pick<RunContext, 'workDir' | 'outputPath'>, params: MergeParams) {
    this.#params = params;
    this.#linearized = params.linearize ? new LinearizedOutput(job) : undefined;
    this.#path = this.#linearized?.path ?? job.outputPath;
  }

  /** Writes images into the result before anything else. A result with an image never claims PDF/A. */
  get images(): ImageWriter {
    this.#images ??= new ImageWriter(this.writer(undefined), this.deduplicator);
    return this.#images;
  }

  /** Returns the writer of the result. `pdfaPart` is the part of PDF/A that the result claims. */
  writer(pdfaPart: PdfaPart | undefined): PdfWriter {
    if (this.#writer) return this.#writer;
    this.#options = { pdfaPart, encryption: outputEncryption(this.#params) };
    // Linearization encrypts the document that it reads.
    const encryption = this.#linearized ? undefined : this.#options.encryption;
    this.#writer = new PdfWriter(this.#path, { pdfaPart, encryption });
    return this.#writer;
  }

  /**
   * Linearizes the written document if that is asked for. Returns the reason if a limit prevents it, or undefined.
   */
  linearize(): string | undefined {
    const output = this.#linearized;
    if (!output) return undefined;
    try {
      const reason = output.write(this.#options);
      if (reason !== undefined) output.writeAgain(this.#options);
      return reason;
    } finally {
      output.remove();
    }
  }

  /** Closes the file of an unfinished result. */
  discard(): void {
    this.#writer?.discard();
    this.#linearized?.remove();
  }
}
