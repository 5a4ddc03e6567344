import type { Copier } from './copier.js';
import type { SharedObjects } from './shared-objects.js';

/** Options of a copier. */
export interface CopierOptions {
  /** Pages and nodes of the page tree are copied like all other objects. */
  readonly keepsPageTree?: boolean;
  /** Stream data are passed on as they are and not decoded. */
  readonly keepsStreams?: boolean;
  /** What the copies of the document's pages have in common, where its pages are copied several times. */
  readonly shared?: SharedObjects | undefined;
  /** The copier of the document's pages the first time, where this one copies them again. */
  readonly first?: Copier | undefined;
  /** Called with the bytes of each object that is about to be written. */
  readonly onWrite?: ((bytes: number) => void) | undefined;
}
