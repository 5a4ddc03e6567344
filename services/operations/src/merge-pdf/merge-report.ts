import type { Json, JsonObject } from '../operation.js';
import type { Source } from './source.js';

/** Longest list of renamed things that is told name by name. */
const MAX_LISTED = 100;

interface FileNotes {
  readonly notKept: Set<string>;
  readonly renamed: Map<string, [from: string, to: string][]>;
  readonly notes: Set<string>;
}

/** What happened to each file on the way into the result: what could not be kept, and what has another name now. */
export class MergeReport {
  readonly #files = new Map<number, FileNotes>();

  /** Something of the file that is not in the result, in words for people. */
  lost(source: Source, what: string): void {
    this.#of(source).notKept.add(what);
  }

  /** A name of the file that was taken: `kind` is the plural of what it names. */
  renamed(source: Source, kind: string, from: string, to: string): void {
    const file = this.#of(source);
    const list = file.renamed.get(kind) ?? [];
    list.push([from, to]);
    file.renamed.set(kind, list);
  }

  /** Something a reader of the result should know of the file. */
  note(source: Source, note: string): void {
    this.#of(source).notes.add(note);
  }

  /** The entries for a file of the request, by its position. */
  of(index: number): JsonObject {
    const file = this.#files.get(index);
    if (!file) return {};
    const renamed = Object.fromEntries([...file.renamed].map(([kind, list]) => [kind, listed(list)]));
    return {
      ...(file.notKept.size > 0 && { not_kept: [...file.notKept] }),
      ...(file.renamed.size > 0 && { renamed }),
      ...(file.notes.size > 0 && { notes: [...file.notes] }),
    };
  }

  #of({ index }: Source): FileNotes {
    const known = this.#files.get(index);
    if (known) return known;
    const file: FileNotes = { notKept: new Set(), renamed: new Map(), notes: new Set() };
    this.#files.set(index, file);
    return file;
  }
}

/** All pairs, or how many there are. */
function listed(pairs: readonly (readonly [string, string])[]): Json {
  return pairs.length > MAX_LISTED ? pairs.length : Object.fromEntries(pairs);
}
