import type { Copier } from './copier.js';
import type { SharedObjects } from './shared-objects.js';

/** Options of a copier. */
export interface CopierOptions {
  /** Whether pages and nodes of the page tree are copied like all other objects. */
  readonly keepsPageTree?: boolean;
  /** Whether stream data are copied unchanged without being checked. */
  readonly keepsStreams?: boolean;
  /** The objects that all copies of the document's pages share, if its pages are copied more than once. */
  readonly shared?: SharedObjects | undefined;
  /** The copier of the first copy of the pages, if this one copies them again. */
  readonly first?: Copier | undefined;
  /** Called with the size in bytes of each object before it is written. */
  readonly onWrite?: ((bytes: number) => void) | undefined;
}
