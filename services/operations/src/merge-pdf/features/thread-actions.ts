import type { PdfFile, Rewriter, SourceObjectNumber } from '@pdf-tools/pdf';
import { PdfDict, PdfRef, PdfString, isInteger, isName } from '@pdf-tools/pdf';

/** A thread of a document, as actions refer to it. */
export interface NamedThread {
  readonly num: SourceObjectNumber | undefined;
  readonly dict: PdfDict;
  /** All its beads, and the taken ones. */
  readonly beads: readonly SourceObjectNumber[];
  readonly kept: ReadonlySet<SourceObjectNumber>;
}

/**
 * Rewrites thread actions (ISO 32000-2, 12.6.4.7), because threads have other positions in the result and titles may
 * repeat. Actions for threads that are not taken are removed.
 */
export class ThreadActions implements Rewriter {
  readonly markers: readonly string[];
  readonly #file: PdfFile;
  /** In document order. Undefined for invalid entries. */
  readonly #threads: readonly (NamedThread | undefined)[];
  readonly #byNumber = new Map<SourceObjectNumber, NamedThread>();
  /** Titles are bytes as Latin-1 text. The first of equal titles is used. */
  readonly #byTitle = new Map<string, NamedThread>();

  constructor(file: PdfFile, threads: readonly (NamedThread | undefined)[]) {
    this.#file = file;
    this.#threads = threads;
    for (const thread of threads) if (thread) this.#name(thread);
    this.markers = threads.some((thread) => thread?.kept.size === 0) ? ['/Thread', '/Link'] : ['/Thread'];
  }

  rewrite(dict: PdfDict): void {
    const action = this.#file.resolve(dict.get('A'));
    if (action instanceof PdfDict && this.#isOurs(action) && this.#threadOf(action)?.kept.size === 0) dict.delete('A');
    if (this.#isOurs(dict)) this.#follow(dict);
  }

  /** Whether an action is a thread action for this document and not for another file. */
  #isOurs(dict: PdfDict): boolean {
    return isName(dict.get('S'), 'Thread') && !dict.has('F');
  }

  #follow(action: PdfDict): void {
    const thread = this.#threadOf(action);
    if (thread?.num === undefined) return;
    action.set('D', new PdfRef(thread.num, 0));
    const position = this.#file.resolve(action.get('B'));
    if (!isInteger(position)) return;
    const bead = thread.beads[position];
    if (bead !== undefined && thread.kept.has(bead)) action.set('B', new PdfRef(bead, 0));
    else action.delete('B');
  }

  /** An action names a thread by reference, position or title (table 209). */
  #threadOf(action: PdfDict): NamedThread | undefined {
    const named = action.get('D');
    const thread = named instanceof PdfRef ? this.#byNumber.get(named.num) : undefined;
    if (thread) return thread;
    const name = this.#file.resolve(named);
    if (isInteger(name)) return this.#threads[name];
    return name instanceof PdfString ? this.#byTitle.get(name.bytes.toString('latin1')) : undefined;
  }

  #name(thread: NamedThread): void {
    if (thread.num !== undefined) this.#byNumber.set(thread.num, thread);
    const info = this.#file.resolve(thread.dict.get('I'));
    const title = info instanceof PdfDict ? this.#file.resolve(info.get('Title')) : null;
    if (!(title instanceof PdfString)) return;
    const text = title.bytes.toString('latin1');
    if (!this.#byTitle.has(text)) this.#byTitle.set(text, thread);
  }
}
