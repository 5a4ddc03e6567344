import { createHash } from 'node:crypto';

/** Returns the SHA-256 of the inputs' SHA-256 digests in their order, which is short however many inputs a job has. */
export function digestOfInputs(digests: readonly string[]): string {
  return createHash('sha256').update(digests.join('\n')).digest('hex');
}
