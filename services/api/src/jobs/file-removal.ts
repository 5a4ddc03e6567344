import { shortId } from '@pdf-tools/runtime/logger';
import type { Logger } from '@pdf-tools/runtime/logger';
import type { Storage } from '@pdf-tools/runtime/storage';

export interface FileRemovalDeps {
  readonly storage: Storage;
  readonly log: Logger;
}

/** Removes what was sent for a job. Returns whether that succeeded, and never rejects. */
export function removeUpload(id: string, deps: FileRemovalDeps): Promise<boolean> {
  return remove('upload', id, deps);
}

/** Removes all files of a job. Returns whether that succeeded, and never rejects. */
export function removeFiles(id: string, deps: FileRemovalDeps): Promise<boolean> {
  return remove('files', id, deps);
}

/** Logs a failure, so that the client gets the answer to its request. A sweep removes the files later. */
async function remove(what: 'upload' | 'files', id: string, { storage, log }: FileRemovalDeps): Promise<boolean> {
  try {
    await (what === 'upload' ? storage.removeUploads(id) : storage.removeJob(id));
    return true;
  } catch (error) {
    log.warn('files not removed', { job_id: shortId(id), what, error });
    return false;
  }
}
