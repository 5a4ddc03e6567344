import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json, JsonObject, Run } from './operation.js';
import { PdfFile, UNENCRYPTED, createEncryption, openSource, readClaims, rewriteDocument } from '@pdf-tools/pdf';
import type { ConformanceClaim, Encryptor } from '@pdf-tools/pdf';

interface PasswordParams {
  readonly output_password: string;
  /** The password of the input, because a result may be the unchanged input. */
  readonly password?: string;
}

/** Returns the encryption that `output_password` asks for; undefined if it is empty. */
export function outputEncryption({ output_password }: PasswordParams): Encryptor | undefined {
  return output_password === '' ? undefined : createEncryption({ userPassword: output_password });
}

/** Returns a note for the report about a claim that does not survive encryption. */
export function encryptionNote({ label, standard }: ConformanceClaim): string {
  return `no longer claims ${label}: ${standard} forbids encryption`;
}

/** Adds `output_password` to an operation that cannot encrypt. Its result is written again with encryption. */
export function withOutputPassword<Params extends PasswordParams>(run: Run<Params>): Run<Params> {
  return async (job, params) => {
    const encryption = outputEncryption(params);
    if (!encryption) return run(job, params);
    await mkdir(job.workDir, { recursive: true });
    const plain = join(job.workDir, 'unencrypted.pdf');
    const { pages, report } = await run({ ...job, outputPath: plain }, params);
    const notes = encryptFile(plain, job.outputPath, { encryption, password: params.password });
    await rm(plain);
    const { size } = await stat(job.outputPath);
    return { pages, report: { ...report, ...changes(report, size, notes), encrypted: true } };
  };
}

/** Returns notes about claims that were dropped. */
function encryptFile(
  from: string,
  to: string,
  { encryption, password }: { readonly encryption: Encryptor; readonly password: string | undefined },
): string[] {
  const source = openSource(from);
  try {
    const file = new PdfFile(source, { password });
    const claims = readClaims(file).filter(({ standard }) => UNENCRYPTED.includes(standard));
    rewriteDocument(file, to, { encryption });
    return claims.map(encryptionNote);
  } finally {
    source.close();
  }
}

/** The entries of a report that are different after encryption. */
function changes(report: JsonObject, bytes: number, notes: readonly string[]): JsonObject {
  const { notes: before } = report;
  const known: readonly Json[] = Array.isArray(before) ? before : [];
  return {
    ...('output_bytes' in report && { output_bytes: bytes, unchanged: false }),
    ...(notes.length > 0 && { notes: [...known, ...notes] }),
  };
}
