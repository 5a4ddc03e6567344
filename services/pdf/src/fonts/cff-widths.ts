import { type2NumberBytes } from './type2-numbers.js';

/** Maximum number of different widths that are tried as nominalWidthX. */
const MAX_CANDIDATES = 300;

export interface CffWidths {
  readonly defaultWidth: number;
  readonly nominalWidth: number;
}

/** Chooses the most frequent width as defaultWidthX, and nominalWidthX so that the other widths take few bytes. */
export function chooseWidths(widths: readonly number[]): CffWidths {
  const counts = new Map<number, number>();
  for (const width of widths) counts.set(width, (counts.get(width) ?? 0) + 1);
  const [defaultWidth = 0] = [...counts].sort(([, one], [, other]) => other - one)[0] ?? [];
  counts.delete(defaultWidth);
  const others = [...counts].slice(0, MAX_CANDIDATES);
  let best = { nominalWidth: 0, bytes: others.length === 0 ? 0 : Infinity };
  for (const nominalWidth of new Set(others.flatMap(([width]) => [width, width + 107, width - 107]))) {
    const bytes = others.reduce((sum, [width, count]) => sum + count * type2NumberBytes(width - nominalWidth), 0);
    if (bytes < best.bytes) best = { nominalWidth, bytes };
  }
  return { defaultWidth, nominalWidth: best.nominalWidth };
}
