import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { InputFile, JsonObject, RunContext, RunResult } from '../operation.js';

const COPY_BYTES = 2 ** 20;

/** Selects the result, which is the smaller document at the output path, or the input file. */
export class Delivery {
  readonly #job: RunContext;
  readonly #input: InputFile;
  readonly #pages: number;

  constructor(job: RunContext, input: InputFile, pages: number) {
    this.#job = job;
    this.#input = input;
    this.#pages = pages;
  }

  compressed(bytes: number, report: JsonObject): RunResult {
    return this.#result(bytes, { unchanged: false, ...report });
  }

  /** Replaces the file at the output path by the input. */
  async original(reason: string, report: JsonObject): Promise<RunResult> {
    // Not copyFile, because it also copies the mode, and a child process may not change modes.
    await writeFile(this.#job.outputPath, createReadStream(this.#input.path, { highWaterMark: COPY_BYTES }));
    return this.#result(this.#input.bytes, { unchanged: true, reason, ...report });
  }

  #result(bytes: number, report: JsonObject): RunResult {
    this.#job.progress(100, 'writing');
    return { pages: this.#pages, report: { input_bytes: this.#input.bytes, output_bytes: bytes, ...report } };
  }
}
