import type { StatsFs } from 'node:fs';
import type { Space } from './storage.js';

/** Returns the bytes that may still be written, and the size of the whole file system. */
export function spaceOf({ bavail, blocks, bsize }: Pick<StatsFs, 'bavail' | 'blocks' | 'bsize'>): Space {
  return { free: bavail * bsize, total: blocks * bsize };
}
