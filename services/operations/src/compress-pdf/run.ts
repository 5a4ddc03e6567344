import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { AppError } from '@pdf-tools/shared/errors';
import type { PDFContext } from 'pdf-lib';
import { Fault, blame, blaming } from '../fault.js';
import type { InputFile, JsonObject, Run, RunContext } from '../operation.js';
import { Inflater } from '../pdf-lib/filters.js';
import { withOutputPassword } from '../output-password.js';
import { findCatalog, loadObjects } from '../pdf-lib/load.js';
import { mendReferences } from '../pdf-lib/mend-references.js';
import { mendTree } from '../pdf-lib/mend-tree.js';
import { readPageTree } from '../pdf-lib/page-tree.js';
import type { Page } from '../pdf-lib/page-tree.js';
import { dropUnreachable } from '../pdf-lib/reachable.js';
import { saveObjects } from '../pdf-lib/save.js';
import { isSigned } from '../pdf-lib/signature.js';
import { isSound } from '../pdf-lib/sound.js';
import { decrypt } from './decrypt.js';
import { findImages } from './find-images.js';
import type { ColorMode } from './recode.js';
import { repackStreams } from './repack-streams.js';
import type { Repacked } from './repack-streams.js';
import { shrinkImages } from './shrink-images.js';
import type { ImageOutcome, ImageWish } from './shrink-images.js';

interface Params {
  readonly dpi: number;
  readonly image_quality: number;
  readonly color_mode: ColorMode;
  readonly password: string;
  readonly output_password: string;
}

/** Most images that the report lists one by one; all are counted. */
const MAX_LISTED = 200;

/** Share of the work that images take, in percent; streams take most of the rest. */
const IMAGES_PERCENT = 60;
const STREAMS_PERCENT = 35;

interface Document {
  readonly context: PDFContext;
  readonly pages: readonly Page[];
  /** The input's bytes may be the result. */
  readonly sound: boolean;
  readonly decrypted: boolean;
}

interface Shrunk {
  readonly images: readonly ImageOutcome[];
  readonly streams: Repacked;
  readonly dropped: number;
  readonly bytes: Uint8Array;
}

/** The same document in fewer bytes, or, where that fails, the very bytes of the input unless these are damaged. */
const compress: Run<Params> = async (job, params) => {
  const file = job.inputs[0];
  if (!file) throw new AppError('no_files', 'Compressing needs one file.');
  const { context, pages, sound, decrypted } = await open(job, file, params.password);
  if (isSigned(context)) {
    if (params.output_password !== '') {
      const message = 'is signed, and encryption would break the signature. Send it without "output_password"';
      throw blame(new Fault('signed_pdf', message), { file, index: 0 });
    }
    if (sound) return keepInput(job, file, pages.length, { reason: 'signed' });
    throw blame(new Fault('signed_pdf', 'is signed and damaged: mending it would break the signature'), {
      file,
      index: 0,
    });
  }
  const wish = { dpi: params.dpi, quality: params.image_quality, colorMode: params.color_mode };
  const shrunk = await shrink({ context, pages }, wish, job);
  const report = {
    ...describe(shrunk),
    ...(!sound && { repaired: true }),
    ...(decrypted && { decrypted: true, notes: ['restrictions of its owner are not kept'] }),
  };
  if (sound && shrunk.bytes.length >= file.bytes)
    return keepInput(job, file, pages.length, { ...report, reason: 'not smaller' });
  await writeFile(job.outputPath, shrunk.bytes);
  job.progress(100, 'writing');
  return {
    pages: pages.length,
    report: { input_bytes: file.bytes, output_bytes: shrunk.bytes.length, unchanged: false, ...report },
  };
};

export const run = withOutputPassword(compress);

function open({ workDir }: RunContext, file: InputFile, password: string): Promise<Document> {
  return blaming({ file, index: 0 }, async () => {
    const plain = await decrypt(file.path, workDir, password);
    const bytes = plain ?? (await readFile(file.path));
    const decrypted = plain !== undefined;
    const context = await loadObjects(bytes);
    const mended = mendReferences(context);
    const catalog = findCatalog(context);
    const { pages, damaged } = readPageTree(context, catalog);
    if (damaged) mendTree(context, catalog, pages);
    return { context, pages, sound: !damaged && !mended && isSound(bytes), decrypted };
  });
}

async function shrink(
  { context, pages }: Pick<Document, 'context' | 'pages'>,
  wish: ImageWish,
  job: RunContext,
): Promise<Shrunk> {
  const { signal, progress } = job;
  signal.throwIfAborted();
  const inflater = new Inflater();
  const found = findImages(context, pages);
  const images = await shrinkImages(
    found,
    { context, wish, inflater },
    {
      signal,
      onImage: (done) => {
        progress(Math.round((IMAGES_PERCENT * done) / found.length), 'images');
      },
    },
  );
  const dropped = dropUnreachable(context);
  const streams = await repackStreams(context, inflater, {
    signal,
    onShare: (share) => {
      progress(Math.round(IMAGES_PERCENT + STREAMS_PERCENT * share), 'streams');
    },
  });
  signal.throwIfAborted();
  return { images, streams, dropped, bytes: await saveObjects(context) };
}

/** The input's bytes as the result: a copy is never worse than what was sent. */
async function keepInput(job: RunContext, file: InputFile, pages: number, report: JsonObject) {
  await copyFile(file.path, job.outputPath);
  job.progress(100, 'writing');
  return { pages, report: { input_bytes: file.bytes, output_bytes: file.bytes, unchanged: true, ...report } };
}

function describe({ images, streams, dropped }: Shrunk): JsonObject {
  const counts = { resampled: 0, recompressed: 0, kept: 0 };
  for (const { action } of images) counts[action] += 1;
  return {
    images: images.slice(0, MAX_LISTED).map((image) => ({ ...image })),
    image_counts: counts,
    streams: { ...streams },
    dropped_objects: dropped,
  };
}
