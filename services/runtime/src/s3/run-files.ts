import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { digestOf, digestOfInputs } from '../digest.js';
import { FOLDER_MODE, withFile } from '../files.js';
import type { Run, RunFiles, RunOutput } from '../storage.js';
import { storageCorrupted } from '../storage-errors.js';
import type { Bucket } from './bucket.js';
import { inputKey, reportKey, resultKey } from './keys.js';
import { copyToFile, digestBody } from './transfer.js';

/** Inputs of one run that are copied at a time. */
const COPIES = 4;

/** Copies the inputs of a run to a folder below `parent`, and returns the files of the run. */
export async function openS3Run(bucket: Bucket, run: Run, parent: string, signal: AbortSignal): Promise<RunFiles> {
  const files = new S3RunFiles(bucket, run, join(parent, `run-${run.id}-${run.fence}`));
  try {
    await files.copyInputs(signal);
    return files;
  } catch (error) {
    await files.close();
    throw error;
  }
}

class S3RunFiles implements RunFiles {
  readonly inputs: readonly string[];
  readonly outputPath: string;
  /** Keys that may exist. */
  readonly #stored: string[] = [];

  constructor(
    private readonly bucket: Bucket,
    private readonly run: Run,
    private readonly folder: string,
  ) {
    this.inputs = run.inputs.map((_input, position) => join(folder, String(position)));
    this.outputPath = join(folder, 'out.partial');
  }

  /** Rejects with `storage_corrupted` if the inputs are not those that the client sent. */
  async copyInputs(signal: AbortSignal): Promise<void> {
    mkdirSync(this.folder, { recursive: true, mode: FOLDER_MODE });
    const limit = pLimit(COPIES);
    const failure = new AbortController();
    const stop = AbortSignal.any([signal, failure.signal]);
    const copies = this.inputs.map((path, position) => limit(() => this.#copyInput(path, position, stop)));
    try {
      const digests = await Promise.all(copies);
      const { inputs_sha256 = '' } = this.run;
      if (digestOfInputs(digests) !== inputs_sha256) throw storageCorrupted('the uploaded files');
    } catch (error) {
      failure.abort();
      await Promise.allSettled(copies);
      throw error;
    }
  }

  async #copyInput(path: string, position: number, stop: AbortSignal): Promise<string> {
    stop.throwIfAborted();
    const { id, inputs } = this.run;
    const { bytes, sha256: recorded } = await this.bucket.get(inputKey(id, position), stop);
    const copied = await copyToFile(bytes, path, stop);
    const expected = inputs[position];
    if (copied.bytes !== expected?.bytes || copied.sha256 !== recorded)
      throw storageCorrupted(`"${expected?.name ?? String(position)}"`);
    return copied.sha256;
  }

  async writeReport(text: string): Promise<void> {
    const key = this.#begin(reportKey(this.run.id, this.run.fence));
    await this.bucket.putText(key, text, digestOf(text));
  }

  /** Reads the result back, because a storage may accept a file and then return other bytes. */
  async publish(output: RunOutput, inspect: (file: number) => void): Promise<void> {
    const key = resultKey(this.run.id, this.run.fence);
    await withFile(this.outputPath, async (file) => {
      inspect(file);
      await this.bucket.putFile(this.#begin(key), file, output);
    });
    const stored = await digestBody((await this.bucket.get(key)).bytes);
    if (stored.bytes !== output.bytes || stored.sha256 !== output.sha256) throw storageCorrupted('the result');
  }

  async discard(): Promise<void> {
    await this.bucket.remove(this.#stored);
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true }).catch(() => undefined);
  }

  #begin(key: string): string {
    this.#stored.push(key);
    return key;
  }
}
