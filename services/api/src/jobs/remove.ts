import { shortId } from '@pdf-tools/runtime/logger';
import type { Logger } from '@pdf-tools/runtime/logger';
import type { JobStore } from '@pdf-tools/jobs/store';
import { orUnavailable } from '@pdf-tools/runtime/redis';
import type { Storage } from '@pdf-tools/runtime/storage';
import type { ApiMetrics } from '../metrics.js';
import { removeFiles, removeUpload } from './file-removal.js';

export interface RemoveDeps {
  readonly store: Pick<JobStore, 'cancel' | 'remove'>;
  readonly storage: Storage;
  readonly log: Logger;
  readonly metrics: Pick<ApiMetrics, 'deletions'>;
}

/** Why files are deleted before the end of their retention, for the log. */
export type Reason = 'deleted by client' | 'read once' | 'client went away' | 'cancelled by operator';

/** Deletes a job and its files. Its webhook is still sent if the reason is that the result was read. */
export async function removeJob(id: string, reason: Reason, deps: RemoveDeps): Promise<void> {
  await orUnavailable(deps.store.remove(id, { keepWebhook: reason === 'read once' }));
  if (await removeFiles(id, deps)) logDeletion(deps, id, reason);
}

/** Cancels a job and deletes its inputs. Returns false if it has ended already. */
export async function cancelJob(id: string, reason: Reason, deps: RemoveDeps): Promise<boolean> {
  if ((await orUnavailable(deps.store.cancel(id))) !== 'cancelled') return false;
  if (await removeUpload(id, deps)) logDeletion(deps, id, reason);
  return true;
}

/** Writes the log line for audits, which is the same as that of the sweep. */
function logDeletion({ log, metrics }: RemoveDeps, id: string, reason: Reason): void {
  metrics.deletions.inc({ reason });
  log.info('files deleted', { job_id: shortId(id), reason });
}
