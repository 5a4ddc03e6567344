import type { NamedDestination } from '../facts/destinations.js';
import type { Facts } from '../facts/facts.js';
import { pageName, placeOf, repeated, takenBefore } from '../source.js';
import type { Source } from '../source.js';

/** Compares the named destinations of the pages taken, renamed if two collide. Every link has the same target. */
export function destinationsMissing(sources: readonly Source[], found: Facts): string[] {
  return [...namesMissing(sources, found.destinations), ...linksMissing(sources, found)];
}

function namesMissing(sources: readonly Source[], found: readonly NamedDestination[]): string[] {
  const left = [...found];
  const missing = sources.flatMap((source, index) => {
    const before = takenBefore(sources, index, namesOf);
    return source.facts.destinations.flatMap(({ name, page }) => {
      const target = placeOf(source, page);
      if (target === undefined) return [];
      const fits = (each: NamedDestination): boolean =>
        each.page === target &&
        (before.has(name) ? each.name.startsWith(name) && each.name !== name : each.name === name);
      const at = left.findIndex(fits);
      if (at !== -1) left.splice(at, 1);
      return at === -1 ? [`${name} of file ${index + 1}`] : [];
    });
  });
  const nowhere = found.filter(({ page }) => page === undefined).map(({ name }) => `${name} leads nowhere`);
  const keys = found.map(({ name, style }) => `${style} ${name}`);
  return [...missing, ...nowhere, ...repeated(keys).map((key) => `two for the ${key}`)];
}

function namesOf(source: Source): string[] {
  return source.facts.destinations.filter(({ page }) => placeOf(source, page) !== undefined).map(({ name }) => name);
}

function linksMissing(sources: readonly Source[], { links }: Facts): string[] {
  const dead = links
    .filter(({ leads, target }) => leads && target === undefined)
    .map(({ page, rect }) => `link ${rect} of ${pageName(page)} is dead`);
  const missing = sources.flatMap((source) =>
    source.facts.links.flatMap(({ page, rect, target, uri }) => {
      const [onPage, end] = [placeOf(source, page), placeOf(source, target)];
      if (onPage === undefined || (target !== undefined && end === undefined)) return [];
      const link = links.find((each) => each.page === onPage && each.rect === rect);
      if (link?.target === end && link?.uri === uri) return [];
      return [`link ${rect} of ${pageName(onPage)} ends at ${pageName(link?.target)}, not ${uri ?? pageName(end)}`];
    }),
  );
  return [...missing, ...dead];
}
