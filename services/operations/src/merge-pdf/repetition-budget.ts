import { AppError } from '@pdf-tools/runtime/errors';
import { MAX_REPEATED_BYTES, MAX_REPEATED_OBJECTS } from '@pdf-tools/pdf';

/** Limits what is written again for repeated pages: their annotations, form fields, tags and bookmarks. */
export class RepetitionBudget {
  #objects = MAX_REPEATED_OBJECTS;
  #bytes = MAX_REPEATED_BYTES;

  /** Charges an object. Throws `too_many_pages` above the limit. */
  spend(bytes: number): void {
    this.#objects -= 1;
    this.#bytes -= bytes;
    if (this.#objects >= 0 && this.#bytes >= 0) return;
    const most = `${MAX_REPEATED_OBJECTS} objects or ${MAX_REPEATED_BYTES / 1024 / 1024} MiB`;
    const message = `repeats pages with so many annotations, form fields, tags, bookmarks or article beads that their copies exceed the limit of ${most}`;
    throw new AppError('too_many_pages', `"items" ${message}. Repeat these pages less often.`, {
      errors: [{ param: 'items', message }],
    });
  }
}
