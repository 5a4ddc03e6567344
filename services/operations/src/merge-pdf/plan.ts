import { AppError } from '@pdf-tools/runtime/errors';
import { MAX_PAGES } from '@pdf-tools/pdf';
import type { InputFile } from '../operation.js';
import type { OpenDocument } from './documents.js';
import type { MergeItem, MergeParams } from './options.js';

/** A run of pages that is taken of one file. */
export interface Part extends Omit<MergeItem, 'file' | 'password'> {
  /** Position of the file in the request, from 0. */
  readonly index: number;
}

/** A page of the result: which of which part. */
export interface PlannedPage {
  /** Position among the parts, from 0. */
  readonly part: number;
  /** Position of the page in its document, from 0; undefined for a blank page after the part. */
  readonly page: number | undefined;
}

/**
 * What is taken, in its order: the items, or else every file whole. Throws `invalid_params` for an item of a file that
 * was not sent.
 */
export function readParts(inputs: readonly InputFile[], { items, order }: MergeParams): Part[] {
  if (items.length === 0) return wholeFiles(inputs, order);
  return items.map(({ file, pages, rotate, title }, at) => {
    if (file >= inputs.length) {
      const message = `has no file ${file} at [${at}]: there are ${inputs.length}, counted from 0`;
      throw new AppError('invalid_params', `"items" ${message}.`, { errors: [{ param: 'items', message }] });
    }
    return { index: file, pages, rotate, title };
  });
}

function wholeFiles(inputs: readonly InputFile[], order: MergeParams['order']): Part[] {
  const indices = inputs.map((_input, index) => index);
  if (order === 'natural') {
    const { compare } = new Intl.Collator('en', { numeric: true });
    indices.sort((left, right) => compare(inputs[left]?.name ?? '', inputs[right]?.name ?? ''));
  }
  return indices.map((index) => ({ index, rotate: 0 }));
}

/**
 * The pages of the result in their order, of parts whose pages are known. With `collate` they are taken in turn, with
 * `pad` a part of odd length ends with a blank page. Throws `too_many_pages`.
 */
export function orderPages(
  parts: readonly (readonly number[])[],
  { collate, pad }: { readonly collate: boolean; readonly pad: boolean },
): PlannedPage[] {
  const runs = parts.map((pages, part) => {
    const run: PlannedPage[] = pages.map((page) => ({ part, page }));
    if (pad && run.length % 2 === 1) run.push({ part, page: undefined });
    return run;
  });
  const total = runs.reduce((sum, { length }) => sum + length, 0);
  if (total > MAX_PAGES) throw new AppError('too_many_pages', `The result would have more than ${MAX_PAGES} pages.`);
  return collate ? inTurn(runs) : runs.flat();
}

function inTurn(runs: readonly (readonly PlannedPage[])[]): PlannedPage[] {
  const longest = runs.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: longest }, (_none, at) => runs.flatMap((run) => run[at] ?? [])).flat();
}

/** What a part is called: as its item says, else as its file without the ending. */
export function titleOf({ title, index }: Part, documents: ReadonlyMap<number, OpenDocument>): string {
  if (title !== undefined) return title;
  const name = documents.get(index)?.numbered.file.name ?? '';
  return name.replace(/(?<=.)\.[A-Za-z0-9]{1,5}$/, '');
}
