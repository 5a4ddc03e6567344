import { shortId } from '@pdf-tools/runtime/logger';
import type { Logger } from '@pdf-tools/runtime/logger';
import type { JobStore } from '@pdf-tools/jobs/store';
import { orUnavailable } from '@pdf-tools/runtime/redis';
import type { Storage } from '@pdf-tools/runtime/storage';
import type { ApiMetrics } from '../metrics.js';

export interface RemoveDeps {
  readonly store: Pick<JobStore, 'cancel' | 'remove'>;
  readonly storage: Storage;
  readonly log: Logger;
  readonly metrics: Pick<ApiMetrics, 'deletions'>;
}

/** Why files go before their time, as the log tells it. */
export type Reason = 'deleted by client' | 'read once' | 'client went away';

/** Forgets a job and deletes its files. Its webhook is still sent where the job goes because it was read. */
export async function removeJob(id: string, reason: Reason, deps: RemoveDeps): Promise<void> {
  await orUnavailable(deps.store.remove(id, { keepWebhook: reason === 'read once' }));
  deps.storage.removeJob(id);
  tellDeletion(deps, id, reason);
}

/** Cancels a job and deletes what was sent for it. False where it has ended already. */
export async function cancelJob(id: string, reason: Reason, deps: RemoveDeps): Promise<boolean> {
  if ((await orUnavailable(deps.store.cancel(id))) !== 'cancelled') return false;
  await deps.storage.removeUploads(id);
  tellDeletion(deps, id, reason);
  return true;
}

/** The line that an audit looks for; the sweep writes the same. */
function tellDeletion({ log, metrics }: RemoveDeps, id: string, reason: Reason): void {
  metrics.deletions.inc({ reason });
  log.info('files deleted', { job_id: shortId(id), reason });
}
