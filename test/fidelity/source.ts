import type { Facts } from './facts/facts.js';

/** A file of a merge with its facts, the pages taken, and their positions in the result. */
export interface Source {
  readonly facts: Facts;
  /** File name, and the title that the caller gave it. */
  readonly name: string;
  readonly title?: string | undefined;
  /** Pages taken in their order, from 0; each at most once. */
  readonly kept: readonly number[];
  /** Page of the result that the first of them became. */
  readonly offset: number;
}

/** Returns the page of the result that a page of the file became. Undefined if it was not taken. */
export function placeOf({ kept, offset }: Source, page: number | undefined): number | undefined {
  const position = page === undefined ? -1 : kept.indexOf(page);
  return position === -1 ? undefined : offset + position;
}

/** Every page was taken. */
export function isWhole({ facts, kept }: Source): boolean {
  return kept.length === facts.pages.length;
}

/** Page numbers from 1. */
export function pageName(page: number | undefined): string {
  return page === undefined ? 'nowhere' : `page ${page + 1}`;
}

/** Names that an earlier file has too. */
export function takenBefore(
  sources: readonly Source[],
  index: number,
  names: (source: Source) => string[],
): Set<string> {
  return new Set(sources.slice(0, index).flatMap(names));
}

/** Returns the expected things that are not found. Each found thing counts once. */
export function without(expected: readonly string[], found: readonly string[]): string[] {
  const left = [...found];
  return expected.filter((each) => {
    const at = left.indexOf(each);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

/** Returns the names that occur more than once. */
export function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
