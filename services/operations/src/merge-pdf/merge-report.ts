import type { Json, JsonObject } from '../operation.js';
import type { Source } from './source.js';

/** Longer lists of renamed things are reported as a number. */
const MAX_LISTED = 100;

/** Renamed things of one kind: their number, and the ones that the report lists. */
interface Renamed {
  count: number;
  readonly pairs: Map<string, string>;
}

interface FileNotes {
  readonly notKept: Set<string>;
  readonly renamed: Map<string, Renamed>;
  readonly notes: Set<string>;
}

/** Collects what the merge could not keep, and what it renamed, for each file. */
export class MergeReport {
  readonly #files = new Map<number, FileNotes>();

  /** Reports that something of the file is not in the result. */
  lost(source: Source, what: string): void {
    this.#of(source).notKept.add(what);
  }

  /** Reports a renamed thing. `kind` is in the plural. */
  renamed(source: Source, kind: string, from: string, to: string): void {
    const file = this.#of(source);
    const renamed = file.renamed.get(kind) ?? { count: 0, pairs: new Map<string, string>() };
    renamed.count += 1;
    if (renamed.count <= MAX_LISTED) renamed.pairs.set(from, to);
    file.renamed.set(kind, renamed);
  }

  /** Adds a note about the file. */
  note(source: Source, note: string): void {
    this.#of(source).notes.add(note);
  }

  /** The report about a file, by its position in the request. */
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

/** The pairs, or their number if there are too many. */
function listed({ count, pairs }: Renamed): Json {
  return count > MAX_LISTED ? count : Object.fromEntries(pairs);
}
