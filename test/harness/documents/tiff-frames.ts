import type { ImageFrame } from '@pdf-tools/operations/images/pdf-image';
import { readTiff } from '@pdf-tools/operations/images/tiff/read-tiff';

/** Returns the images of a TIFF. For tests. */
export async function framesOf(file: Buffer): Promise<ImageFrame[]> {
  const frames: ImageFrame[] = [];
  for await (const frame of readTiff(file, { signal: new AbortController().signal })) frames.push(frame);
  return frames;
}

/** Returns the first image of a TIFF. */
export async function frameOf(file: Buffer): Promise<ImageFrame> {
  const [frame] = await framesOf(file);
  if (!frame) throw new Error('The file has no image.');
  return frame;
}

/** Returns bytes without a pattern, which differ between odd seeds. */
export function byteNoise(length: number, seed = 1): Buffer {
  return Buffer.from(Array.from({ length }, (_none, at) => (at * 7919 * seed + ((at * at) >> 3)) & 0xff));
}
