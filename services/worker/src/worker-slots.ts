import type { Logger } from '@pdf-tools/runtime/logger';
import type { SlotFolders } from '@pdf-tools/runtime/slot-folders';
import { isDead } from './identity.js';

/** The scheduler removes the slots of a worker that has not marked them for several times this long. */
const MARK_INTERVAL_MS = 20_000;

/**
 * Makes the folder of this worker's slots and marks it as in use until `close`, which removes it. Slots that dead workers
 * of this host left behind, or an earlier process with this worker's name, are removed first.
 */
export async function openWorkerSlots(folders: SlotFolders, worker: string, log: Logger) {
  for (const owner of await folders.owners()) {
    if (!isDead(owner.worker)) continue;
    await folders.remove(owner.worker);
    log.info('slots of a dead worker removed', { worker: owner.worker });
  }
  folders.mark(worker);
  const timer = setInterval(() => {
    try {
      folders.mark(worker);
    } catch (error) {
      log.warn('slots not marked as in use', { error });
    }
  }, MARK_INTERVAL_MS);
  return {
    folder: folders.folderOf(worker),
    close: async (): Promise<void> => {
      clearInterval(timer);
      await folders.remove(worker);
    },
  };
}
