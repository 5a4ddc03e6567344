import { NULL_TARGET, PdfDict, PdfRef, TargetRef } from '@pdf-tools/pdf';
import type { PdfArray, PdfObject, PdfWriter, SourceObjectNumber } from '@pdf-tools/pdf';
import type { FeatureContext } from '../features.js';
import { PageReferences } from '../page-references.js';
import type { Feature, Source } from '../source.js';
import { BeadChains } from './bead-chains.js';
import { ThreadActions } from './thread-actions.js';
import type { NamedThread } from './thread-actions.js';

/**
 * Merges the article threads (ISO 32000-2, 12.4.3) of all sources. If a source is incomplete, each bead chain is closed
 * over the remaining beads. Threads without beads are dropped.
 */
export class ThreadsFeature implements Feature {
  readonly #writer: PdfWriter;
  readonly #kept = new Map<Source, readonly NamedThread[]>();
  readonly #threads: PdfArray = [];
  readonly #beads = new PageReferences('B');

  constructor({ writer }: FeatureContext) {
    this.#writer = writer;
  }

  prepare(source: Source): void {
    const { file, copier, isWhole } = source;
    const list = file.catalogEntry('Threads');
    const items = Array.isArray(list) ? list : [];
    if (items.length === 0 && isWhole) return;
    const chains = new BeadChains(source, this.#beads.of(source));
    const listed = new Map<SourceObjectNumber, NamedThread>();
    const threads = items.map((item) => takeThread(source, chains, item, listed));
    if (!isWhole) for (const chain of chains.left()) closeLoose(source, chains, chain, listed);
    if (threads.length > 0) copier.rewriteWith(new ThreadActions(file, threads));
    const kept = threads.flatMap((thread) => (thread && thread.kept.size > 0 ? thread : []));
    this.#kept.set(source, [...new Set(kept)]);
  }

  collect(source: Source): void {
    for (const { num, dict } of this.#kept.get(source) ?? []) {
      const adopted = source.copier.adopt(num === undefined ? dict : new PdfRef(num, 0));
      if (adopted !== null) this.#threads.push(adopted);
    }
  }

  /** The array is an indirect object (table 29). */
  finish(): Readonly<Record<string, PdfObject | undefined>> {
    return { Threads: this.#threads.length > 0 ? new TargetRef(this.#writer.put(this.#threads)) : undefined };
  }
}

/** Prepares a thread for copying, once. Returns undefined for an invalid one. */
function takeThread(
  source: Source,
  chains: BeadChains,
  item: PdfObject,
  listed: Map<SourceObjectNumber, NamedThread>,
): NamedThread | undefined {
  const reference = item instanceof PdfRef ? item : undefined;
  const known = reference && listed.get(reference.num);
  if (known) return known;
  source.spend(0);
  const dict = source.file.resolve(item);
  if (!(dict instanceof PdfDict)) return undefined;
  const beads = chains.from(dict.get('F'));
  const kept = source.isWhole ? beads : chains.close(beads, reference);
  const changed = beginAt(source, reference, dict, kept);
  const thread = { num: reference?.num, dict: changed, beads, kept: new Set(kept) };
  if (reference) listed.set(reference.num, thread);
  return thread;
}

/** Closes a chain that no listed thread has. Its thread may be unlisted. */
function closeLoose(
  source: Source,
  chains: BeadChains,
  chain: readonly SourceObjectNumber[],
  listed: ReadonlyMap<SourceObjectNumber, NamedThread>,
): void {
  const beads = chain.map((bead) => source.file.load(bead));
  const named = beads.flatMap((bead) => (bead instanceof PdfDict ? (bead.get('T') ?? []) : []))[0];
  const reference = named instanceof PdfRef && !listed.has(named.num) ? named : undefined;
  const kept = chains.close(chain, reference);
  const thread = source.file.resolve(reference);
  if (thread instanceof PdfDict) beginAt(source, reference, thread, kept);
}

/** The thread with the first remaining bead as its first. A thread without beads is not copied. */
function beginAt(
  { copier }: Source,
  reference: PdfRef | undefined,
  dict: PdfDict,
  beads: readonly SourceObjectNumber[],
): PdfDict {
  const [first] = beads;
  if (first === undefined) {
    if (reference) copier.place(reference.num, NULL_TARGET);
    return dict;
  }
  const before = dict.get('F');
  if (before instanceof PdfRef && before.num === first) return dict;
  const changed = new PdfDict(dict).set('F', new PdfRef(first, 0));
  if (reference) copier.override(reference.num, changed);
  return changed;
}
