import { NULL_TARGET, MAX_TREE_NODES, PdfDict, PdfRef } from '@pdf-tools/pdf';
import type { PdfObject, SourceObjectNumber } from '@pdf-tools/pdf';
import type { Source } from '../source.js';

/** The rings of beads in a source (ISO 32000-2, 12.4.3), beads by their numbers. Each bead is met once. */
export class BeadChains {
  readonly #source: Source;
  readonly #pages: ReadonlySet<SourceObjectNumber>;
  /** Beads that the pages taken name as theirs. */
  readonly #onPages: ReadonlySet<SourceObjectNumber>;
  readonly #seen = new Set<SourceObjectNumber>();

  /** `beads` are those that the pages of the source list. */
  constructor(source: Source, beads: readonly SourceObjectNumber[]) {
    this.#source = source;
    this.#pages = new Set(source.pages.flatMap(({ entry }) => entry.num ?? []));
    this.#onPages = new Set(beads);
  }

  /** The beads from this one on, in their order. */
  from(first: PdfObject | undefined): SourceObjectNumber[] {
    const chain: SourceObjectNumber[] = [];
    let next = first;
    while (next instanceof PdfRef && !this.#seen.has(next.num) && chain.length < MAX_TREE_NODES) {
      const bead = this.#source.file.load(next.num);
      if (!(bead instanceof PdfDict)) break;
      this.#seen.add(next.num);
      this.#source.spend(0);
      chain.push(next.num);
      next = bead.get('N');
    }
    return chain;
  }

  /** Rings on the pages taken that were not met before. */
  *left(): Generator<SourceObjectNumber[]> {
    for (const bead of this.#onPages) {
      const chain = this.from(new PdfRef(bead, 0));
      if (chain.length > 0) yield chain;
    }
  }

  /** Says that of a ring only the beads on pages that are taken are copied, as a ring; returns those. */
  close(chain: readonly SourceObjectNumber[], thread: PdfRef | undefined): SourceObjectNumber[] {
    const kept = chain.filter((bead) => this.#isTaken(bead));
    const stays = new Set(kept);
    for (const bead of chain) if (!stays.has(bead)) this.#source.copier.place(bead, NULL_TARGET);
    for (const [at, bead] of kept.entries()) {
      const [before, after] = [kept.at(at - 1) ?? bead, kept[at + 1] ?? kept[0] ?? bead];
      // The first of a thread has to name it (table 163).
      this.#link(bead, { V: before, N: after, ...(at === 0 && thread && { T: thread.num }) });
    }
    return kept;
  }

  /** Lets entries of a bead refer to other objects. */
  #link(bead: SourceObjectNumber, links: Readonly<Record<string, SourceObjectNumber>>): void {
    const dict = this.#source.file.load(bead);
    if (!(dict instanceof PdfDict)) return;
    const wrong = Object.entries(links).filter(([key, num]) => {
      const link = dict.get(key);
      return !(link instanceof PdfRef) || link.num !== num;
    });
    for (const [key, num] of wrong) dict.set(key, new PdfRef(num, 0));
    if (wrong.length > 0) this.#source.copier.override(bead, dict);
  }

  #isTaken(bead: SourceObjectNumber): boolean {
    if (this.#onPages.has(bead)) return true;
    const dict = this.#source.file.load(bead);
    const page = dict instanceof PdfDict ? dict.get('P') : undefined;
    return page instanceof PdfRef && this.#pages.has(page.num);
  }
}
