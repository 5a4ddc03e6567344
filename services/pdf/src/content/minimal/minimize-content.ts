import { ContentScanner } from '../content-scanner.js';
import { ContentMinimizer } from './content-minimizer.js';
import { NotUnderstood } from './numbers.js';
import type { Placement } from './state-stack.js';
import type { UsedNames } from './used-names.js';

/** Operations are converted to bytes in groups of this size, so that memory is bounded by the bytes. */
const GROUP = 20_000;
/** Size of the pieces that are scanned at once. */
const PIECE_BYTES = 64 * 1024;
const SPACE = Buffer.from('\n');

/**
 * Returns the decoded parts of a content stream as one stream in fewer bytes, or undefined if the content is not
 * understood and must stay as it is. Adds the resource names that it uses to `names`. No point moves by more than 1/60
 * of a pixel at 600 dpi.
 */
export function minimizeContent(parts: readonly Buffer[], placement: Placement, names: UsedNames): Buffer | undefined {
  if (!(placement.points > 0 && placement.points < Infinity)) return undefined;
  const minimizer = new ContentMinimizer(placement, names);
  const scanner = new ContentScanner(minimizer);
  const written: Buffer[] = [];
  try {
    for (const part of parts) {
      for (let at = 0; at < part.length; at += PIECE_BYTES) {
        scanner.push(part.subarray(at, at + PIECE_BYTES));
        if (minimizer.size > GROUP) written.push(minimizer.take());
      }
      scanner.push(SPACE);
    }
    scanner.end();
    written.push(minimizer.end());
  } catch (thrown) {
    if (thrown instanceof NotUnderstood) return undefined;
    throw thrown;
  }
  return Buffer.concat(written);
}
