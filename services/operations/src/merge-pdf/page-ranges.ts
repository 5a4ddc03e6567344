import { InputError } from '../input-error.js';
import { MAX_PAGES } from '@pdf-tools/pdf';

/** A page or a range. A number counts from the first page, with an r from the last. */
const RANGE = /^(r?\d{1,9})?(-)?(r?\d{1,9})?$/;

/**
 * Reads page ranges such as `1-3,7-,r1` as positions from 0, in the given order. `-3` starts at the first page, `7-`
 * ends at the last, `r1` is the last page, and `5-3` counts backwards. Throws `invalid_range` for a syntax error and
 * for a page that does not exist.
 */
export function readPageRanges(text: string, pageCount: number): number[] {
  const pages: number[] = [];
  for (const part of text.split(',')) {
    const [from, to] = readRange(part.trim(), pageCount);
    const step = from <= to ? 1 : -1;
    for (let page = from; page !== to + step; page += step) pages.push(page - 1);
    if (pages.length > MAX_PAGES) throw new InputError('too_many_pages', `would give more than ${MAX_PAGES} pages`);
  }
  return pages;
}

function readRange(part: string, pageCount: number): [from: number, to: number] {
  const [, first, dash, last] = RANGE.exec(part) ?? [];
  if ((first ?? last) === undefined) throw new InputError('invalid_range', syntaxError(part));
  const from = first === undefined ? 1 : readPage(first, pageCount);
  if (dash === undefined) return [from, from];
  return [from, last === undefined ? pageCount : readPage(last, pageCount)];
}

/** Shows at most 40 characters of the client's text. */
function syntaxError(part: string): string {
  return `has an invalid page range "${part.slice(0, 40)}"; valid ranges are 1-3, 7-, -3 and r1`;
}

function readPage(text: string, pageCount: number): number {
  const page = text.startsWith('r') ? pageCount + 1 - Number(text.slice(1)) : Number(text);
  if (page >= 1 && page <= pageCount) return page;
  throw new InputError(
    'invalid_range',
    `has ${pageCount} ${pageCount === 1 ? 'page' : 'pages'}; page ${text} does not exist`,
  );
}
