import { collectImageUses, findReachable, pdfaPartOf } from '@pdf-tools/pdf';
import type { ConformanceClaim, ImageUses, PdfFile, PdfaPart, Reachable, SourceObjectNumber } from '@pdf-tools/pdf';
import type { OpenPdf } from '../open-pdf.js';
import type { RunContext } from '../operation.js';
import { outputEncryption } from '../output-password.js';
import type { Changes } from './changes.js';
import { shrinkProfiles, stripProfiles } from './color-profiles/shrink-profiles.js';
import { dropResources } from './drop-resources.js';
import { fitDocument, firstPart } from './fit-document.js';
import { subsetFonts } from './fonts/subset-fonts.js';
import { grayDocument } from './gray-document.js';
import { minimizeContents } from './minimize-contents.js';
import type { CompressParams } from './params.js';
import { repackStreams } from './repack-streams.js';
import type { Repacked } from './repack-streams.js';
import type { Work } from './report.js';
import { shrinkImages } from './shrink-images.js';
import { stripMetadata } from './strip-metadata.js';
import { writeResult } from './write-result.js';
import type { Written } from './write-result.js';
import { deflateWithZopfli } from './zopfli.js';

const NOTHING: ReadonlyMap<string, number> = new Map();

/** Share of the work for images, in percent. Streams take most of the rest. */
const IMAGES_PERCENT = 60;
const STREAMS_PERCENT = 35;

interface Task {
  readonly params: CompressParams;
  readonly changes: Changes;
  readonly claims: readonly ConformanceClaim[];
}

/** What the steps of one document share. */
interface Step extends Task {
  readonly file: PdfFile;
  readonly pages: OpenPdf['tree']['pages'];
  readonly uses: ImageUses;
  readonly signal: AbortSignal;
  readonly progress: RunContext['progress'];
  /** Whether the document claims PDF/A or PDF/X, which require its metadata and profiles. */
  readonly hasClaims: boolean;
  readonly reachable: Reachable;
  /** Whether an object other than those with resources refers to an object. */
  readonly isReferredTo: (num: SourceObjectNumber) => boolean;
}

/** Writes the smaller document to the output path. */
export async function shrinkDocument(job: RunContext, { file, tree }: OpenPdf, task: Task): Promise<Work> {
  const { params, changes, claims } = task;
  const { signal } = job;
  const uses = await collectImageUses(file, tree.pages, { signal });
  const step: Step = {
    ...task,
    file,
    pages: tree.pages,
    uses,
    signal,
    progress: params.target_size === undefined ? job.progress : firstPart(job.progress),
    hasClaims: claims.some(({ standard }) => standard !== 'PDF/UA'),
    ...follow(file, uses),
  };
  const graphics = await shrinkGraphics(step);
  const streams = await shrinkStreams(step);
  signal.throwIfAborted();
  const strippedEntries = params.strip_metadata
    ? stripMetadata(file, step.reachable.numbers, { changes, keepsMetadata: step.hasClaims })
    : 0;
  const inlineImages = uses.inline.large.length;
  return writeWork(job, step, { ...graphics, ...streams, strippedEntries, inlineImages });
}

function follow(file: PdfFile, { resourceObjects }: ImageUses): Pick<Step, 'reachable' | 'isReferredTo'> {
  const referredTo = new Set<SourceObjectNumber>();
  const reachable = findReachable(file, (num, references) => {
    if (!resourceObjects.has(num)) for (const reference of references) referredTo.add(reference);
  });
  return { reachable, isReferredTo: (num) => referredTo.has(num) };
}

type Graphics = Pick<Work, 'images' | 'colored' | 'fonts'>;

async function shrinkGraphics(step: Step): Promise<Graphics> {
  const { file, pages, uses, reachable, params, changes, claims, signal, progress } = step;
  const images = await shrinkImages(file, uses, {
    params,
    signal,
    changes,
    onShare: (share) => {
      progress(Math.round(IMAGES_PERCENT * share), 'images');
    },
  });
  const colored = params.color_mode === 'no-change' ? NOTHING : await grayDocument(file, pages, { changes, signal });
  const fonts = await subsetFonts(file, pages, { changes, signal, claims, numbers: reachable.numbers });
  return { images, colored, fonts };
}

type Streams = Pick<Work, 'streams' | 'profiles'>;

/** Writes content in fewer bytes, drops unused resources and profiles, and repacks the streams that are left. */
async function shrinkStreams(step: Step): Promise<Streams> {
  const { file, pages, uses, reachable, isReferredTo, params, changes, hasClaims, signal, progress } = step;
  const minimized = await minimizeContents(file, pages, uses.content, { changes, signal });
  const stripped = params.strip_metadata && !hasClaims ? stripProfiles(file, changes) : 0;
  const shrunk = await shrinkProfiles(file, {
    changes,
    signal,
    numbers: reachable.numbers,
    mayRewrite: !hasClaims,
  });
  dropResources(uses.content, { changes, names: minimized.names, isReferredTo });
  const left = reachable.streams.filter((num) => !minimized.superseded.has(num));
  const repacked = await repackStreams(file, left, {
    signal,
    changes,
    plainMetadata: hasClaims,
    onShare: (share) => {
      progress(Math.round(IMAGES_PERCENT + STREAMS_PERCENT * share), 'streams');
    },
  });
  const searched =
    params.level === 'max' ? await deflateWithZopfli(file, left, { changes, signal }) : { repacked: 0, saved_bytes: 0 };
  return { profiles: { ...shrunk, stripped }, streams: sumOf(sumOf(repacked, minimized), searched) };
}

function sumOf(one: Repacked, other: Repacked): Repacked {
  return { repacked: one.repacked + other.repacked, saved_bytes: one.saved_bytes + other.saved_bytes };
}

async function writeWork(
  job: RunContext,
  { file, uses, reachable, params, changes, claims, hasClaims }: Step,
  done: Omit<Work, 'dropped' | 'linearization' | 'target'>,
): Promise<Work> {
  const encryption = outputEncryption(params);
  const options = { reachable, encryption, pdfaPart: encryption ? undefined : structureFor(claims) };
  let written: Written = { dropped: 0, linearization: undefined };
  const write = (current: Changes): number => {
    written = writeResult(job, file, { ...options, changes: current, linearizes: params.linearize });
    return written.dropped;
  };
  const work = { ...done, dropped: write(changes) };
  if (params.target_size === undefined) return { ...work, linearization: written.linearization };
  const strips = params.strip_metadata && !hasClaims;
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

/** Whether a document claims PDF/X-1a or PDF/X-3, which also forbid JBIG2 (ISO 15930-4 and 15930-6). */
export function isPdfX1Or3({ label }: ConformanceClaim): boolean {
  return /^PDF\/X-[13]/.test(label);
}
