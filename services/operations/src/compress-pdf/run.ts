import { readFile, stat } from 'node:fs/promises';
import { AppError } from '@pdf-tools/runtime/errors';
import { InputError, withFileName } from '../input-error.js';
import type { NumberedFile } from '../input-error.js';
import { openPdf } from '../open-pdf.js';
import type { OpenPdf } from '../open-pdf.js';
import type { InputFile, JsonObject, Run, RunContext, RunResult } from '../operation.js';
import { notLinearizedNote } from '../linearized-output.js';
import { outputEncryption } from '../output-password.js';
import { collectImageUses, findReachable, findSignatures, pdfaPartOf, readClaims } from '@pdf-tools/pdf';
import type { ConformanceClaim, PdfaPart, SourceObjectNumber } from '@pdf-tools/pdf';
import { Changes } from './changes.js';
import { Delivery } from './delivery.js';
import { subsetFonts } from './fonts/subset-fonts.js';
import { shrinkProfiles, stripProfiles } from './color-profiles/shrink-profiles.js';
import { dropResources } from './drop-resources.js';
import { grayDocument } from './gray-document.js';
import { withLevel } from './levels.js';
import type { CompressParams, CompressRequest } from './params.js';
import { minimizeContents } from './minimize-contents.js';
import { repackStreams } from './repack-streams.js';
import { repairPages } from './repair-pages.js';
import { describeNotes, describeTarget, describeWork, isInJbig2, isLinearized } from './report.js';
import type { Work } from './report.js';
import { fitDocument, firstPart } from './fit-document.js';
import { shrinkImages } from './shrink-images.js';
import { compressSeveral } from './several-files.js';
import { clearSignatures, isSigned } from './signed.js';
import { isWellFormed } from './well-formed.js';
import { stripMetadata } from './strip-metadata.js';
import { writeResult } from './write-result.js';
import type { Written } from './write-result.js';

const NOTHING: ReadonlyMap<string, number> = new Map();

/** Share of the work for images, in percent. Streams take most of the rest. */
const IMAGES_PERCENT = 60;
const STREAMS_PERCENT = 35;

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
  const work = await shrink(job, opened, { params: withoutForbidden(params, claims), changes, claims });
  const { size } = await stat(job.outputPath);
  const isDamaged = hasDamagedPages || (await isFileDamaged(input, opened));
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
async function isFileDamaged({ path }: InputFile, { file, rebuilt }: OpenPdf): Promise<boolean> {
  return rebuilt || file.isDamaged || !isWellFormed(await readFile(path));
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

interface Task {
  readonly params: CompressParams;
  readonly changes: Changes;
  readonly claims: readonly ConformanceClaim[];
}

/** Writes the smaller document to the output path. */
async function shrink(job: RunContext, opened: OpenPdf, { params, changes, claims }: Task): Promise<Work> {
  const { signal } = job;
  const { file, tree } = opened;
  const progress = params.target_size === undefined ? job.progress : firstPart(job.progress);
  const uses = await collectImageUses(file, tree.pages, { signal });
  const images = await shrinkImages(file, uses, {
    params,
    signal,
    changes,
    onShare: (share) => {
      progress(Math.round(IMAGES_PERCENT * share), 'images');
    },
  });
  const colored =
    params.color_mode === 'no-change' ? NOTHING : await grayDocument(file, tree.pages, { changes, signal });
  const fonts = await subsetFonts(file, tree.pages, { changes, signal, claims });
  const minimized = await minimizeContents(file, tree.pages, uses.content, { changes, signal });
  const hasClaims = claims.some(({ standard }) => standard !== 'PDF/UA');
  const strips = params.strip_metadata && !hasClaims;
  const stripped = strips ? stripProfiles(file, changes) : 0;
  const shrunk = await shrinkProfiles(file, { changes, signal, mayRewrite: !hasClaims });
  const referredTo = new Set<SourceObjectNumber>();
  const reachable = findReachable(file, (num, references) => {
    if (!uses.resourceObjects.has(num)) for (const reference of references) referredTo.add(reference);
  });
  dropResources(uses.content, { changes, names: minimized.names, isReferredTo: (num) => referredTo.has(num) });
  const left = reachable.streams.filter((num) => !minimized.superseded.has(num));
  const repacked = await repackStreams(file, left, {
    signal,
    changes,
    plainMetadata: hasClaims,
    onShare: (share) => {
      progress(Math.round(IMAGES_PERCENT + STREAMS_PERCENT * share), 'streams');
    },
  });
  signal.throwIfAborted();
  const encryption = outputEncryption(params);
  const options = { reachable, encryption, pdfaPart: encryption ? undefined : structureFor(claims) };
  let written: Written = { dropped: 0, linearization: undefined };
  const write = (current: Changes): number => {
    written = writeResult(job, file, { ...options, changes: current, linearizes: params.linearize });
    return written.dropped;
  };
  const streams = {
    repacked: repacked.repacked + minimized.repacked,
    saved_bytes: repacked.saved_bytes + minimized.saved_bytes,
  };
  const profiles = { ...shrunk, stripped };
  const { strip_metadata } = params;
  const strippedEntries = strip_metadata
    ? stripMetadata(file, reachable.numbers, { changes, keepsMetadata: hasClaims })
    : 0;
  const work = { images, fonts, colored, profiles, streams, strippedEntries, dropped: write(changes) };
  if (params.target_size === undefined) return { ...work, linearization: written.linearization };
  const fitted = await fitDocument(job, file, { ...work, params, changes, uses, strips, write });
  return { ...work, ...fitted, linearization: written.linearization };
}

/**
 * The part of PDF/A whose file structure keeps the claims valid. PDF/X-1a and PDF/X-3 also require PDF 1.4 or lower.
 */
function structureFor(claims: readonly ConformanceClaim[]): PdfaPart | undefined {
  if (claims.some(isPdfX1Or3)) return 1;
  return claims.map(pdfaPartOf).find((part) => part !== undefined);
}

function withoutForbidden(params: CompressParams, claims: readonly ConformanceClaim[]): CompressParams {
  return claims.some(isPdfX1Or3) ? { ...params, bilevel: 'ccitt' } : params;
}

/** PDF/X-1a and PDF/X-3 forbid JBIG2 (ISO 15930-4 and 15930-6). */
function isPdfX1Or3({ label }: ConformanceClaim): boolean {
  return /^PDF\/X-[13]/.test(label);
}
