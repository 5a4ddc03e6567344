import type { EventEmitter } from 'node:events';
import type { Readable } from 'node:stream';
import { AppError } from '@pdf-tools/runtime/errors';

/**
 * Finds files that are sent without a file name. The multipart parser drops them or takes them for text, depending on
 * their Content-Type.
 */
export class UnnamedFiles {
  #error: AppError | undefined;

  /** `fields` are the form fields for files, of which there is at least one. */
  constructor(private readonly fields: readonly string[]) {}

  /** Returns the error about the first such file, if there was one. */
  get error(): AppError | undefined {
    return this.#error;
  }

  /** Watches the parts of a body. Must be called before others listen, since those may end the parser at once. */
  watch(parser: EventEmitter): void {
    parser.prependListener('field', (field: string | undefined) => {
      if (field !== undefined && this.fields.includes(field)) this.#found(field);
    });
    parser.prependListener('file', (field: string, stream: Readable, { filename }: { filename?: string }) => {
      if (filename !== undefined) return;
      // Browsers send an empty part for a file input without a file.
      stream.once('data', () => {
        this.#found(this.fields.includes(field) ? field : (this.fields[0] ?? field));
      });
    });
  }

  #found(field: string): void {
    const example = `Content-Disposition: form-data; name="${field}"; filename="document.pdf"`;
    this.#error ??= new AppError('bad_multipart', `The file in "${field}" has no file name. Send it with ${example}.`, {
      errors: [{ param: field, message: 'must have a file name' }],
    });
  }
}
