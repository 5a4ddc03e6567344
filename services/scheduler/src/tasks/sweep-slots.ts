import type { Logger } from '@pdf-tools/runtime/logger';
import type { SlotFolders } from '@pdf-tools/runtime/slot-folders';
import type { Task } from '../task.js';

const INTERVAL_MS = 60_000;
/** A live worker marks its slots every 20 s, whether Redis is available or not. */
const DEAD_AFTER_MS = 150_000;

export interface SlotSweepOptions {
  readonly folders: SlotFolders;
  readonly log: Logger;
  /** A clock in ms that is never set and that stands still while the host is suspended. */
  readonly clock?: () => number;
}

/**
 * Removes the slots of workers that died and did not start again. A worker counts as dead when its mark has not changed for
 * a while on this process's own clock, because after a pause of the host every mark is old.
 */
export function createSlotSweep({ folders, log, clock = () => performance.now() }: SlotSweepOptions): Task {
  let seen = new Map<string, { readonly markedAt: number; readonly since: number }>();
  return {
    name: 'sweep-slots',
    intervalMs: INTERVAL_MS,
    quiet: true,
    run: async () => {
      const now = clock();
      const owners = (await folders.owners()).map(({ worker, markedAt }) => {
        const before = seen.get(worker);
        return { worker, markedAt, since: before?.markedAt === markedAt ? before.since : now };
      });
      const dead = owners.filter(({ since }) => now - since >= DEAD_AFTER_MS);
      for (const { worker } of dead) {
        await folders.remove(worker);
        log.warn('slots of a dead worker removed', { worker });
      }
      seen = new Map(owners.filter((owner) => !dead.includes(owner)).map(({ worker, ...mark }) => [worker, mark]));
      return { removed: dead.length };
    },
  };
}
