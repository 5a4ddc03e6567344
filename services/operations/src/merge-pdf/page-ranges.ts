import { InputError } from '../input-error.js';
import { MAX_PAGES } from '@pdf-tools/pdf';

/** One page, or from one to another: a number counts from the first page, with an r from the last. */
const RANGE = /^(r?\d{1,9})?(-)?(r?\d{1,9})?$/;

/**
 * The pages of a list such as `1-3,7-,r1`, as positions from 0: ranges in the order they are written, backwards where the
 * first number is behind the second; `-3` is from the first, `7-` to the last, `r1` the last page. Throws the `InputError`
 * `invalid_range` for what is no list, or names a page that the document has not.
 */
export function readPageRanges(text: string, pageCount: number): number[] {
  const pages: number[] = [];
  for (const part of text.split(',')) {
    const [from, to] = readRange(part.trim(), pageCount);
    const step = from <= to ? 1 : -1;
    for (let page = from; page !== to + step; page += step) pages.push(page - 1);
    if (pages.length > MAX_PAGES) throw new InputError('too_many_pages', `is asked for more than ${MAX_PAGES} pages`);
  }
  return pages;
}

function readRange(part: string, pageCount: number): [from: number, to: number] {
  const [, first, dash, last] = RANGE.exec(part) ?? [];
  if ((first ?? last) === undefined) throw new InputError('invalid_range', `has no page range "${part.slice(0, 40)}"`);
  const from = first === undefined ? 1 : readPage(first, pageCount);
  if (dash === undefined) return [from, from];
  return [from, last === undefined ? pageCount : readPage(last, pageCount)];
}

function readPage(text: string, pageCount: number): number {
  const page = text.startsWith('r') ? pageCount + 1 - Number(text.slice(1)) : Number(text);
  if (page >= 1 && page <= pageCount) return page;
  throw new InputError(
    'invalid_range',
    `has ${pageCount} ${pageCount === 1 ? 'page' : 'pages'}, so none that is "${text}"`,
  );
}
