import { NULL_TARGET, MAX_TREE_NODES, PdfDict, PdfRef } from '@pdf-tools/pdf';
import type { PdfObject, SourceObjectNumber } from '@pdf-tools/pdf';
import type { Source } from '../source.js';

/** The bead chains of a source (ISO 32000-2, 12.4.3), as bead numbers. Each bead belongs to one chain. */
export class BeadChains {
  readonly #source: Source;
  readonly #pages: ReadonlySet<SourceObjectNumber>;
  /** Beads that the taken pages list. */
  readonly #onPages: ReadonlySet<SourceObjectNumber>;
  readonly #seen = new Set<SourceObjectNumber>();

  /** `beads` are the beads that the pages of the source list. */
  constructor(source: Source, beads: readonly SourceObjectNumber[]) {
    this.#source = source;
    this.#pages = new Set(source.pages.flatMap(({ entry }) => entry.num ?? []));
    this.#onPages = new Set(beads);
  }

  /** The chain that starts at a bead. */
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

  /** Chains on the taken pages that were not visited yet. */
  *left(): Generator<SourceObjectNumber[]> {
    for (const bead of this.#onPages) {
      const chain = this.from(new PdfRef(bead, 0));
      if (chain.length > 0) yield chain;
    }
  }

  /** Reduces a chain to the beads on taken pages and links them to each other. Returns those beads. */
  close(chain: readonly SourceObjectNumber[], thread: PdfRef | undefined): SourceObjectNumber[] {
    const kept = chain.filter((bead) => this.#isTaken(bead));
    const stays = new Set(kept);
    for (const bead of chain) if (!stays.has(bead)) this.#source.copier.place(bead, NULL_TARGET);
    for (const [at, bead] of kept.entries()) {
      const [before, after] = [kept.at(at - 1) ?? bead, kept[at + 1] ?? kept[0] ?? bead];
      // The first bead must name its thread (table 163).
      this.#link(bead, { V: before, N: after, ...(at === 0 && thread && { T: thread.num }) });
    }
    return kept;
  }

  /** Changes references of a bead. */
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
