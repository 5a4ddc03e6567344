import { readFileSync, statSync } from 'node:fs';
import { findSignatures, readClaims } from '@pdf-tools/pdf';
import type { ConformanceClaim } from '@pdf-tools/pdf';
import { AppError } from '@pdf-tools/runtime/errors';
import { InputError, withFileName } from '../input-error.js';
import type { NumberedFile } from '../input-error.js';
import { notLinearizedNote } from '../linearized-output.js';
import { openPdf } from '../open-pdf.js';
import type { OpenPdf } from '../open-pdf.js';
import type { InputFile, JsonObject, Run, RunContext, RunResult } from '../operation.js';
import { Changes } from './changes.js';
import { Delivery } from './delivery.js';
import { withLevel } from './levels.js';
import type { CompressParams, CompressRequest } from './params.js';
import { repairPages } from './repair-pages.js';
import { describeNotes, describeTarget, describeWork, isInJbig2, isLinearized } from './report.js';
import type { Work } from './report.js';
import { releaseMemory } from '../release-memory.js';
import { compressSeveral } from './several-files.js';
import { isPdfX1Or3, shrinkDocument } from './shrink-document.js';
import { clearSignatures, isSigned } from './signed.js';
import { isWellFormed } from './well-formed.js';

/** Compresses one file to a PDF, or several files to a ZIP. */
export const run: Run<CompressRequest> = async (job, request) => {
  const params = withLevel(request);
  const files = job.inputs.map((file, index) => ({ file, index }));
  const [first, ...others] = files;
  if (!first) throw new AppError('no_files', 'No file was sent. Send one PDF in "file", or several in "files".');
  if (others.length === 0) return compressFile(job, first, params);
  return compressSeveral(job, files, (part, numbered) => compressFile(part, numbered, params));
};

/** Compresses a document. If it does not get smaller, returns the input, or the repaired form of a damaged input. */
async function compressFile(job: RunContext, numbered: NumberedFile, params: CompressParams): Promise<RunResult> {
  const password = params.password === '' ? undefined : params.password;
  const opened = await openPdf(numbered, { repair: job.repair, password });
  try {
    return await withFileName(numbered, () => compress(job, numbered.file, opened, params));
  } finally {
    opened.file.close();
  }
}

async function compress(
  job: RunContext,
  input: InputFile,
  opened: OpenPdf,
  params: CompressParams,
): Promise<RunResult> {
  const { file, tree } = opened;
  const delivery = new Delivery(job, input, tree.pages.length);
  const changes = new Changes(file);
  const signatures = findSignatures(file, tree);
  const signed = isSigned(signatures);
  if (signed && params.on_signed === 'keep') return keepSigned(delivery, params);
  if (signed) clearSignatures(file, signatures, changes);
  const hasDamagedPages = repairPages(file, tree, changes);
  const claims = readClaims(file);
  const work = await shrinkDocument(job, opened, { params: withoutForbidden(params, claims), changes, claims });
  const { size } = statSync(job.outputPath);
  const isDamaged = hasDamagedPages || isFileDamaged(input, opened);
  const isLarger = size > input.bytes;
  const isDelivered = size < input.bytes || changesForm(file, params, work) || isDamaged;
  const report = {
    ...describeWork(work),
    ...(isDamaged && { repaired: true }),
    ...describeTarget(work.target, isDelivered ? size : input.bytes),
    ...describeNotes({ signed, isDelivered, isLarger, claims, decrypted: file.isEncrypted, work }, params),
  };
  if (params.dry_run) return delivery.original('dry run', { ...report, compressed_bytes: size });
  if (!isDelivered) return delivery.original('not smaller', report);
  return delivery.compressed(size, { ...report, ...describeForm(file, params, work) });
}

function describeForm({ isEncrypted }: OpenPdf['file'], { output_password }: CompressParams, work: Work): JsonObject {
  return {
    ...(isLinearized(work) && { linearized: true }),
    ...(isEncrypted && { decrypted: true }),
    ...(output_password !== '' && { encrypted: true }),
  };
}

/** A damaged file must not be returned unchanged, because not every reader would repair it. */
function isFileDamaged({ path }: InputFile, { file, rebuilt }: OpenPdf): boolean {
  if (rebuilt || file.isDamaged) return true;
  const bytes = readFileSync(path);
  const isDamaged = !isWellFormed(bytes);
  releaseMemory(bytes);
  return isDamaged;
}

/** Whether the result has another form that the client asks for, so that its size does not matter. */
function changesForm(file: OpenPdf['file'], params: CompressParams, work: Work): boolean {
  return file.isEncrypted || params.output_password !== '' || isLinearized(work) || removesJbig2(work, params);
}

/** A client that forbids JBIG2 gets the result even if it is larger. */
function removesJbig2({ images }: Work, { bilevel }: CompressParams): boolean {
  return bilevel === 'ccitt' && images.some((image) => isInJbig2(image) && image.action !== 'kept');
}

function keepSigned(delivery: Delivery, { output_password, linearize }: CompressParams): Promise<RunResult> {
  if (output_password !== '') throw new InputError('signed_pdf', SIGNED_WITH_PASSWORD);
  return delivery.original('signed', { notes: linearize ? [SIGNED_NOTE, NOT_LINEARIZED] : [SIGNED_NOTE] });
}

const SIGNED_NOTE =
  'The file is signed, and any change would invalidate its signatures. Send on_signed=compress to compress it anyway.';
const NOT_LINEARIZED = notLinearizedNote('The signed file is unchanged.');
const SIGNED_WITH_PASSWORD =
  'is signed, and encryption would invalidate its signatures. Send it without "output_password", or with on_signed=compress';

function withoutForbidden(params: CompressParams, claims: readonly ConformanceClaim[]): CompressParams {
  return claims.some(isPdfX1Or3) ? { ...params, bilevel: 'ccitt' } : params;
}
