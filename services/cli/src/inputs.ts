import { createWriteStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { OPERATIONS } from '@pdf-tools/operations/registry';
import type { OperationName } from '@pdf-tools/operations/registry';
import type { InputFile } from '@pdf-tools/operations/operation';
import { SNIFF_BYTES, sniffFormat, unsupportedFormat } from '@pdf-tools/operations/sniff';
import { AppError } from '@pdf-tools/runtime/errors';
import { FileError } from './exit-codes.js';
import { isDiskFull, reasonOf, systemCode } from './file-errors.js';

/** Opens the input files of an operation and detects their formats. "-" copies standard input into `workDir`. */
export async function openInputs(
  operation: OperationName,
  files: readonly string[],
  workDir: string,
  signal?: AbortSignal,
): Promise<InputFile[]> {
  const inputs: InputFile[] = [];
  for (const [index, file] of files.entries()) {
    const path = file === '-' ? await readStdin(join(workDir, 'stdin'), signal) : resolve(file);
    const name = file === '-' ? 'standard input' : basename(file);
    inputs.push(await openInput(operation, { path, name, index }));
  }
  return inputs;
}

interface Place {
  readonly path: string;
  readonly name: string;
  readonly index: number;
}

async function openInput(operation: OperationName, { path, name, index }: Place): Promise<InputFile> {
  const { bytes, head } = await readHead(path, name);
  if (bytes === 0) {
    const message = 'is empty';
    throw new AppError('empty_file', `"${name}" is empty. Name a file with content.`, {
      errors: [{ file: name, index, message }],
    });
  }
  const { accepts } = OPERATIONS[operation];
  const format = sniffFormat(head);
  if (format === undefined || !accepts.formats.includes(format))
    throw unsupportedFormat(head, accepts, { name, index });
  return { path, name, bytes, format };
}

async function readHead(path: string, name: string): Promise<{ bytes: number; head: Uint8Array }> {
  try {
    const facts = await stat(path);
    if (!facts.isFile())
      throw new FileError('input', `"${name}" is not a regular file. Name a file, or use --each for a folder.`);
    const handle = await open(path);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0);
      return { bytes: facts.size, head: buffer.subarray(0, bytesRead) };
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    if (thrown instanceof FileError) throw thrown;
    throw new FileError('input', `"${name}" cannot be read: ${readReason(thrown)}.`, thrown);
  }
}

/** For an input, ENOENT is about the file, not about its folder. */
function readReason(thrown: unknown): string {
  return systemCode(thrown) === 'ENOENT' ? 'it does not exist' : reasonOf(thrown);
}

async function readStdin(path: string, signal?: AbortSignal): Promise<string> {
  try {
    await pipeline(process.stdin, createWriteStream(path, { flags: 'wx', mode: 0o600 }), signal ? { signal } : {});
  } catch (thrown) {
    if (signal?.aborted || isDiskFull(thrown)) throw thrown;
    throw new FileError('input', `Standard input cannot be read: ${reasonOf(thrown)}.`, thrown);
  }
  return path;
}
