import type { Facts } from '../facts/facts.js';
import type { OutlineItem } from '../facts/outline.js';
import { pageName, placeOf } from '../source.js';
import type { Source } from '../source.js';

/**
 * Each file's outline below an item with the file's title or name (a single file may keep its own unchanged). Items of
 * pages that were not taken are gone.
 */
export function outlinesMissing(sources: readonly Source[], { outline }: Facts): string[] {
  const [alone] = sources.length === 1 ? sources : [];
  if (alone && compare(expectedOf(alone, alone.facts.outline), outline).length === 0) return [];
  if (outline.length !== sources.length)
    return [`${outline.length} items at the top, not one for each of ${sources.length} files`];
  return sources.flatMap((source, index) => {
    const top = outline[index];
    if (!top) return [];
    const names = source.title === undefined ? namesOf(source) : [source.title];
    const title = names.includes(top.title) ? [] : [`"${top.title}" stands for ${names.join(' or ')}`];
    const page =
      top.page === source.offset
        ? []
        : [`"${top.title}" leads to ${pageName(top.page)}, not ${pageName(source.offset)}`];
    return [...title, ...page, ...compare(expectedOf(source, source.facts.outline), top.items)];
  });
}

function namesOf({ name, facts }: Source): string[] {
  return [name, name.replace(/\.pdf$/i, ''), ...(facts.document.title === undefined ? [] : [facts.document.title])];
}

/** An item stays if its page was taken or an item below it stays. In the latter case it has no target. */
function expectedOf(source: Source, items: readonly OutlineItem[]): OutlineItem[] {
  return items.flatMap((item): OutlineItem[] => {
    const below = expectedOf(source, item.items);
    const page = placeOf(source, item.page);
    if (page === undefined && item.leads && below.length === 0) return [];
    return [{ ...item, page, leads: page !== undefined, items: below, open: below.length > 0 ? item.open : undefined }];
  });
}

function compare(expected: readonly OutlineItem[], found: readonly OutlineItem[]): string[] {
  const [wanted, given] = [lines(expected), lines(found)];
  return [
    ...wanted.filter((line) => !given.includes(line)).map((line) => `not there: ${line}`),
    ...given.filter((line) => !wanted.includes(line)).map((line) => `too much: ${line}`),
    ...(wanted.length === given.length && wanted.join('\n') !== given.join('\n') ? ['another order'] : []),
  ];
}

function lines(items: readonly OutlineItem[], above = ''): string[] {
  return items.flatMap((item) => {
    const path = `${above}${item.title}`;
    const state = item.open === undefined ? '' : item.open ? ', open' : ', closed';
    const page = item.leads && item.page === undefined ? 'a place that is not there' : pageName(item.page);
    return [`${path} (${page}, ${item.style}${state})`, ...lines(item.items, `${path} > `)];
  });
}
