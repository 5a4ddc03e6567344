import type { Json, JsonObject } from '../operation.js';
import type { Source } from './source.js';

/** Longest list of renamed things that is told name by name. */
const MAX_LISTED = 100;

/** Things of one kind: how many, and those that the report names. */
interface Renamed {
  count: number;
  readonly pairs: Map<string, string>;
}

interface FileNotes {
  readonly notKept: Set<string>;
  readonly renamed: Map<string, Renamed>;
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
    const renamed = file.renamed.get(kind) ?? { count: 0, pairs: new Map<string, string>() };
    renamed.count += 1;
    if (renamed.count <= MAX_LISTED) renamed.pairs.set(from, to);
    file.renamed.set(kind, renamed);
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
function listed({ count, pairs }: Renamed): Json {
  return count > MAX_LISTED ? count : Object.fromEntries(pairs);
}
