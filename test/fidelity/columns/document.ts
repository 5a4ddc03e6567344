import type { Facts } from '../facts/facts.js';
import { placeOf, repeated, without } from '../source.js';
import type { Source } from '../source.js';

/**
 * Compares what the first file says of the document, and what all files say, such as intents, scripts and article
 * threads.
 */
export function documentMissing(sources: readonly Source[], { document: found }: Facts): string[] {
  const first = sources[0]?.facts.document;
  const title = first?.title ?? '';
  const scripts = sources.flatMap(({ facts }) => facts.document.scripts.map(({ script }) => script));
  const intents = [...new Set(sources.flatMap(({ facts }) => facts.document.intents))];
  const opensAt = sources[0] && placeOf(sources[0], first?.opensAt);
  return [
    ...(['lang', 'title', 'viewer', 'layout'] as const)
      .filter((key) => first?.[key] !== found[key])
      .map((key) => `${key} is ${found[key] ?? 'not there'}`),
    ...(found.metadata.includes(title) ? [] : ['metadata']),
    ...(opensAt === undefined || opensAt === found.opensAt ? [] : ['open action']),
    ...intents.filter((intent) => !found.intents.includes(intent)).map((intent) => `output intent ${intent}`),
    ...[...new Set(scripts)].filter((script) => !found.scripts.some((each) => each.script === script)),
    ...repeated(found.scripts.map(({ key }) => key)).map((key) => `two scripts called ${key}`),
    ...without(sources.flatMap(threadsOf), threadLines(found)),
    ...without(threadLines(found), sources.flatMap(threadsOf)).map((line) => `too much: ${line}`),
  ];
}

/** Threads without the beads of pages that were not taken. */
function threadsOf(source: Source): string[] {
  return source.facts.document.threads.flatMap(({ title, pages }) => {
    const kept = pages.flatMap((page) => placeOf(source, page) ?? []);
    return kept.length > 0 ? [`thread ${title} on pages ${kept.join()}`] : [];
  });
}

function threadLines({ threads }: Facts['document']): string[] {
  return threads.map(({ title, pages, whole }) => `thread ${title} on pages ${pages.join()}${whole ? '' : ', broken'}`);
}
