/**
 * Jobs wait in lanes by how heavy they are, so that light ones need not wait for heavy ones and two giants are never
 * at work in one worker at the same time.
 */
export const LANES = ['small', 'large', 'giant'] as const;
export type Lane = (typeof LANES)[number];

const MIB = 2 ** 20;
/** Up to this size of its inputs a job is expected to take a fraction of a second. */
const SMALL_BYTES = 2 * MIB;
/** From this size on a job may need a large part of a worker's memory: several times its inputs. */
const GIANT_BYTES = 32 * MIB;

/** The lane of a job whose inputs have so many bytes together. */
export function laneOf(bytes: number): Lane {
  if (bytes <= SMALL_BYTES) return 'small';
  return bytes < GIANT_BYTES ? 'large' : 'giant';
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
