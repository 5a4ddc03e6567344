import type { Facts } from '../facts/facts.js';
import type { LeafFacts } from '../facts/tags.js';
import { pageName, placeOf } from '../source.js';
import type { Source } from '../source.js';

/**
 * All tagged content of the pages that were taken, in its order, under the same types and attributes as before; parent
 * tree and ID tree agree with it, and headers are found by their IDs.
 */
export function tagsMissing(sources: readonly Source[], { tags }: Facts): string[] {
  const wanted = sources.flatMap((source) => source.facts.tags.leaves.flatMap((leaf) => inResult(source, leaf)));
  const missing: string[] = [];
  let next = 0;
  for (const leaf of wanted) {
    const at = tags.leaves.findIndex((found, index) => index >= next && same(leaf, found));
    if (at === -1) missing.push(`${leaf.path} of ${pageName(leaf.page)} (${leaf.what})`);
    else next = at + 1;
  }
  // The element of a link that went nowhere may stay, as the link itself may.
  const dead = sources.flatMap((source) => source.facts.tags.leaves.filter((leaf) => isOfDeadLink(source, leaf)));
  const more = tags.leaves.length - (wanted.length - missing.length) - dead.length;
  return [
    ...missing,
    ...(more > 0 ? [`${more} more than there were`] : []),
    ...(tags.marked ? [] : ['MarkInfo']),
    ...tags.problems,
  ];
}

/** A link of a page that was taken, to one that was not. */
function isOfDeadLink(source: Source, leaf: LeafFacts): boolean {
  const link = source.facts.links.find((each) => each.page === leaf.page && leaf.what === `object ${each.rect}`);
  const isDead = link?.target !== undefined && placeOf(source, link.target) === undefined;
  return isDead && placeOf(source, leaf.page) !== undefined;
}

/** Nothing of a page that was not taken, and no element that a link needs which went with its target. */
function inResult(source: Source, leaf: LeafFacts): LeafFacts[] {
  const page = placeOf(source, leaf.page);
  if (page === undefined || isOfDeadLink(source, leaf)) return [];
  const headers = leaf.headers.map((header) =>
    header.replace(/\d+/, (digits) => String(placeOf(source, Number(digits)))),
  );
  return [{ ...leaf, page, headers }];
}

/** The result may put elements of its own above each file's; IDs may have been renamed. */
function same(wanted: LeafFacts, found: LeafFacts): boolean {
  const key = ({ page, what, attributes, alt, id, headers }: LeafFacts): string =>
    JSON.stringify([page, what, attributes, alt, id !== undefined, headers]);
  return key(wanted) === key(found) && `/${found.path}`.endsWith(`/${wanted.path}`);
}
