import { forEachLimited } from '../concurrency.js';
import type { ImageUse, ImageUses, PdfFile, SourceObjectNumber } from '@pdf-tools/pdf';
import { PdfStream } from '@pdf-tools/pdf';
import type { Changes } from './changes.js';
import { mayHaveColor } from './gray-palette.js';
import { shareUses } from './images/equal-images.js';
import type { EncodingName } from './images/encoding.js';
import { readReportedEntries } from './images/image-header.js';
import { MemoryLimit } from './images/memory-limit.js';
import type { ImageParams } from './images/options.js';
import { shrinkImage } from './images/shrink-image.js';
import type { Shrunk } from './images/shrink-image.js';
import { resolutionOf } from './images/target-size.js';

/** Two images use two cores. libvips gets one thread for each. */
const AT_A_TIME = 2;
/** Images that together need less memory than this are decoded at the same time. */
const SMALL_BYTES = 32 * 1024 * 1024;
/** Bytes per pixel of a decoded image. A JPEG is decoded in strips or at a reduced size. */
const DECODED_PIXEL_BYTES = 3;
/** Images of a file that start later than this do not have all encodings tried. */
const MAX_LEVEL_MS = 30_000;

/**
 * The outcome for one image. Sizes are of the encoded bytes, and `dpi` is the lowest resolution at which it is drawn.
 */
export interface ImageOutcome {
  readonly page: number;
  readonly object: number;
  readonly width: number;
  readonly height: number;
  readonly dpi?: number;
  readonly filter: string;
  readonly action: 'resampled' | 'recompressed' | 'converted' | 'kept';
  /** How the result is encoded. Missing if only its palette was converted. */
  readonly encoding?: EncodingName;
  readonly reason?: string;
  /** Whether the image may still have colours that should be removed. */
  readonly colored?: boolean;
  readonly bytes_before: number;
  readonly bytes_after: number;
}

interface Options {
  readonly params: ImageParams;
  readonly signal: AbortSignal;
  readonly changes: Changes;
  /** Called with the completed share of images, 0 to 1. */
  readonly onShare: (share: number) => void;
}

interface Image {
  readonly file: PdfFile;
  readonly num: SourceObjectNumber;
  readonly stream: PdfStream;
  readonly use: ImageUse;
}

/** Encodes images again if that makes them smaller or converts their colours as requested. Reports each image. */
export async function shrinkImages(file: PdfFile, uses: ImageUses, options: Options): Promise<ImageOutcome[]> {
  const drawn = [...uses.images].flatMap(([num, use]): Image[] => {
    const stream = file.load(num);
    return stream instanceof PdfStream ? [{ file, num, stream, use }] : [];
  });
  const images = shareUses(drawn);
  const outcomes: ImageOutcome[] = [];
  const memory = new MemoryLimit(Math.max(SMALL_BYTES, ...images.map(decodedBytes)));
  const started = performance.now();
  let done = 0;
  await forEachLimited([...images.entries()], AT_A_TIME, async ([index, image]) => {
    const shrunk = await memory.run(decodedBytes(image), () => {
      options.signal.throwIfAborted();
      return shrinkImage(image, paramsAfter(performance.now() - started, options.params));
    });
    if ('stream' in shrunk) options.changes.replace(image.num, shrunk.stream);
    outcomes[index] = outcomeOf(image, shrunk, options.params);
    done += 1;
    options.onShare(done / images.length);
  });
  return outcomes;
}

/** The parameters for an image that starts so many milliseconds after the first. */
export function paramsAfter(ms: number, params: ImageParams): ImageParams {
  return params.level === 'max' && ms > MAX_LEVEL_MS ? { ...params, level: 'ebook' } : params;
}

function decodedBytes({ file, stream }: Image): number {
  const { width, height, filter } = readReportedEntries(file, stream);
  const pixels = width * height || 0;
  return filter.endsWith('DCTDecode') ? pixels : pixels * DECODED_PIXEL_BYTES;
}

function outcomeOf({ file, num, stream, use }: Image, result: Shrunk, { color_mode }: ImageParams): ImageOutcome {
  const { width, height, filter } = readReportedEntries(file, stream);
  const dpi = Math.round(Math.min(...resolutionOf({ width, height }, use)));
  const isChanged = 'stream' in result;
  const current = isChanged ? result.stream : stream;
  const colored = color_mode !== 'no-change' && mayHaveColor(file, current);
  return {
    ...{ page: use.page, object: num, width: width || 0, height: height || 0 },
    ...(dpi > 0 && { dpi }),
    filter,
    ...(isChanged ? actionOf(result) : { action: 'kept', reason: result.reason }),
    ...(colored && { colored }),
    bytes_before: stream.data.length,
    bytes_after: current.data.length,
  };
}

function actionOf({ action, encoding }: Extract<Shrunk, { stream: PdfStream }>): Pick<ImageOutcome, 'action'> {
  return { action, ...(encoding && { encoding }) };
}
