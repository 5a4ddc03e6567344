import type { RawObject } from '../file/indirect-object.js';
import type { PdfDict, PdfObject } from '../syntax/objects.js';
import { dictionariesOf } from './references.js';

/** A name may be written with escapes (ISO 32000-2, 7.3.5), so markers cannot find it in the bytes. */
export const ESCAPE = Buffer.from('#');

/**
 * Changes dictionaries in place while they are copied, for example when names change. Only objects that contain one of
 * the markers are parsed for it.
 */
export interface Rewriter {
  readonly markers: readonly string[];
  /** Whether an object that contains a marker must be parsed. Without this method every such object is. */
  applies?(bytes: Buffer): boolean;
  rewrite(dict: PdfDict): void;
}

/** The rewriters of a copier, in the order in which they were added. */
export class Rewriters {
  readonly #entries: { readonly markers: readonly Buffer[]; readonly rewriter: Rewriter }[] = [];

  add(rewriter: Rewriter): void {
    this.#entries.push({ markers: rewriter.markers.map((marker) => Buffer.from(marker)), rewriter });
  }

  /** Whether a rewriter needs the object parsed. */
  isMarked({ bytes, start, end }: RawObject): boolean {
    const view = bytes.subarray(start, end);
    if (view.includes(ESCAPE)) return true;
    return this.#entries.some(
      ({ markers, rewriter }) => markers.some((marker) => view.includes(marker)) && (rewriter.applies?.(view) ?? true),
    );
  }

  rewrite(value: PdfObject): void {
    if (this.#entries.length === 0) return;
    for (const dict of dictionariesOf(value)) for (const { rewriter } of this.#entries) rewriter.rewrite(dict);
  }
}
