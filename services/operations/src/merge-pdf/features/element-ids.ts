import type { MergeReport } from '../merge-report.js';
import type { Source } from '../source.js';
import { SharedNames } from './shared-names.js';

/** Element identifiers (ISO 32000-2, table 355) of the result, as Latin-1 text: unique, so each source has its own. */
export class ElementIds {
  readonly #names = new SharedNames();
  readonly #report: MergeReport;
  #sources = 0;

  constructor(report: MergeReport) {
    this.#report = report;
  }

  /** What gives the identifiers of a source their new names, in whatever order they come. */
  of(source: Source): (id: string) => string {
    const known = new Map<string, string>();
    const meaning = String(this.#sources);
    this.#sources += 1;
    return (id) => {
      const before = known.get(id);
      if (before !== undefined) return before;
      const to = this.#names.take(id, meaning);
      known.set(id, to);
      if (to !== id) this.#report.renamed(source, 'element identifiers', id, to);
      return to;
    };
  }
}
