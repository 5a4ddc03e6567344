/**
 * Jobs wait in lanes by how heavy they are, so that light ones need not wait for heavy ones and two giants are never
 * at work in one worker at the same time.
 */
export const LANES = ['small', 'large', 'giant'] as const;
export type Lane = (typeof LANES)[number];

/** What is known of a file before it is worked on: `pixels` where it is a picture that will be decoded. */
export interface Weighed {
  readonly bytes: number;
  readonly pixels?: number | undefined;
}

const MIB = 2 ** 20;
/** Work on a document takes several times its size in memory. */
const MEMORY_PER_BYTE = 4;
/** A decoded picture, and what is made of it. */
const MEMORY_PER_PIXEL = 8;
/** Up to this estimate, 2 MiB of files or one megapixel, a job is expected to take a fraction of a second. */
const SMALL_MEMORY = 8 * MIB;
/** From this estimate on, 32 MiB of files or 16 megapixels, a job may need a large part of a worker's memory. */
const GIANT_MEMORY = 128 * MIB;

/** The lane of a job with these inputs: pictures are decoded one after the other, so that the largest counts. */
export function laneOf(inputs: readonly Weighed[]): Lane {
  const bytes = inputs.reduce((sum, input) => sum + input.bytes, 0);
  const pixels = inputs.reduce((most, input) => Math.max(most, input.pixels ?? 0), 0);
  const memory = Math.max(bytes * MEMORY_PER_BYTE, pixels * MEMORY_PER_PIXEL);
  if (memory <= SMALL_MEMORY) return 'small';
  return memory < GIANT_MEMORY ? 'large' : 'giant';
}

/**
 * Lanes from which a worker may take one more job, given those at work: `concurrency` jobs of any kind, one giant at
 * most, and one small job more, so that small ones get through while all else is heavy.
 */
export function openLanes(atWork: readonly Lane[], concurrency: number): readonly Lane[] {
  const heavy = atWork.filter((lane) => lane !== 'small').length;
  if (atWork.length > concurrency) return [];
  if (heavy >= concurrency) return ['small'];
  return atWork.includes('giant') ? ['small', 'large'] : LANES;
}
