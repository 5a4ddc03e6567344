import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PdfFile, linearize, openSource, rewriteDocument } from '@pdf-tools/pdf';
import type { WriterOptions } from '@pdf-tools/pdf';
import type { RunContext } from './operation.js';

/** Writes a document that can be read only after it is complete, and then its linearized form. */
export class LinearizedOutput {
  /** Where to write the document, without encryption. */
  readonly path: string;
  readonly #bodyPath: string;
  readonly #outputPath: string;

  constructor({ workDir, outputPath }: Pick<RunContext, 'workDir' | 'outputPath'>) {
    mkdirSync(workDir, { recursive: true });
    this.path = join(workDir, 'not-linearized.pdf');
    this.#bodyPath = join(workDir, 'linearized-objects');
    this.#outputPath = outputPath;
  }

  /**
   * Writes the linearized document to the output path. Returns the reason if a limit prevents that. The caller writes
   * another form of the document then.
   */
  write({ encryption, pdfaPart }: WriterOptions): string | undefined {
    if (pdfaPart === 1) return 'The standard that it claims does not allow cross-reference streams.';
    return linearize(this.path, this.#outputPath, { bodyPath: this.#bodyPath, encryption, pdfaPart });
  }

  /** Writes the document to the output path with other options, without linearization. */
  writeAgain(options: WriterOptions): void {
    const source = openSource(this.path);
    try {
      rewriteDocument(new PdfFile(source), this.#outputPath, options);
    } finally {
      source.close();
    }
  }

  /** Removes the intermediate files. */
  remove(): void {
    for (const path of [this.path, this.#bodyPath]) rmSync(path, { force: true });
  }
}

/** Returns a note for the report of a result that is not linearized. */
export function notLinearizedNote(reason: string): string {
  return `The result is not linearized. ${reason}`;
}
