import { closest, distance } from 'fastest-levenshtein';

const MAX_TYPING_ERRORS = 3;
/** The comparison takes time in proportion to the length. */
const MAX_CHARACTERS = 100;

/** Returns the name in `names` that is most similar to `name`, for a hint after a typing error. Undefined if none is similar. */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const written = name.slice(0, MAX_CHARACTERS).toLowerCase();
  const nearest = closest(written, names);
  return distance(written, nearest) <= Math.min(MAX_TYPING_ERRORS, nearest.length / 2) ? nearest : undefined;
}
