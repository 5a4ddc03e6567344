import type { RawObject } from '../file/indirect-object.js';
import type { PdfDict, PdfObject } from '../syntax/objects.js';
import { dictionariesOf } from './references.js';

/** A name may be spelled with escapes (ISO 32000-2, 7.3.5): then only its value identifies it. */
export const ESCAPE = Buffer.from('#');

/**
 * Changes objects on their way into the result, in place, where what they say has another name there. Only objects with
 * one of the markers among their bytes are parsed for it.
 */
export interface Rewriter {
  readonly markers: readonly string[];
  /** Whether the bytes of an object with a marker may have to change; it is parsed if this is not given. */
  applies?(bytes: Buffer): boolean;
  rewrite(dict: PdfDict): void;
}

/** The rewriters of one copier, in the order in which they were added. */
export class Rewriters {
  readonly #entries: { readonly markers: readonly Buffer[]; readonly rewriter: Rewriter }[] = [];

  add(rewriter: Rewriter): void {
    this.#entries.push({ markers: rewriter.markers.map((marker) => Buffer.from(marker)), rewriter });
  }

  /** Whether an object has to be parsed for one of the rewriters. */
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
