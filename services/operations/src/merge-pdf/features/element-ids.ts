import type { MergeReport } from '../merge-report.js';
import type { Source } from '../source.js';
import { SharedNames } from './shared-names.js';

/** Makes element identifiers (ISO 32000-2, table 355) unique across sources. They are Latin-1 text. */
export class ElementIds {
  readonly #names = new SharedNames();
  readonly #report: MergeReport;
  #sources = 0;

  constructor(report: MergeReport) {
    this.#report = report;
  }

  /** Returns a function that maps the identifiers of a source. The result does not depend on the order of calls. */
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
