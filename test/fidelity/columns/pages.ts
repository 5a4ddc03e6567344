import type { Facts } from '../facts/facts.js';
import type { Source } from '../source.js';

/** The pages taken, in their order, each with its boxes, rotation, user unit, transition, content and resources. */
export function pagesMissing(sources: readonly Source[], found: Facts): string[] {
  const wanted = sources.flatMap(({ facts, kept }) => kept.flatMap((page) => facts.pages[page] ?? []));
  const count = wanted.length === found.pages.length ? [] : [`${found.pages.length} pages, not ${wanted.length}`];
  const different = wanted.flatMap((page, index) => {
    const given = found.pages[index];
    if (!given) return [];
    const keys = (['mark', 'geometry', 'transition', 'content', 'resources'] as const).filter(
      (key) => page[key] !== given[key],
    );
    return keys.length === 0 ? [] : [`${keys.join(', ')} of page ${index + 1}`];
  });
  return [...count, ...different, ...found.danglers];
}
