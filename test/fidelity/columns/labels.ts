import type { Facts } from '../facts/facts.js';
import type { Source } from '../source.js';

/** Every page has the label that it had in its file. */
export function labelsMissing(sources: readonly Source[], { labels }: Facts): string[] {
  const wanted = sources.flatMap(({ facts, kept }) => kept.map((page) => facts.labels[page] ?? ''));
  return wanted.flatMap((label, page) =>
    label === labels[page] ? [] : [`page ${page + 1} is called ${labels[page] ?? 'nothing'}, not ${label}`],
  );
}
