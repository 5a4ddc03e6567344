import { AppError } from '@pdf-tools/runtime/errors';
import { MAX_PAGES } from '@pdf-tools/pdf';
import { orderFiles } from '../file-order.js';
import type { InputFile } from '../operation.js';
import type { OpenDocument } from './documents.js';
import type { MergeItem, MergeParams } from './options.js';

/** A run of pages of one file. */
export interface Part extends Omit<MergeItem, 'file' | 'password'> {
  /** Position of the file in the request, from 0. */
  readonly index: number;
}

/** A page of the result. */
export interface PlannedPage {
  /** Index of its part, from 0. */
  readonly part: number;
  /** Position of the page in its document, from 0. Undefined for a blank page after the part. */
  readonly page: number | undefined;
}

/**
 * Returns the items to merge, or all files if the request has no items. Throws `invalid_params` for an item whose file
 * was not sent.
 */
export function readParts(inputs: readonly InputFile[], { items, order }: MergeParams): Part[] {
  if (items.length === 0) return wholeFiles(inputs, order);
  return items.map(({ file, pages, rotate, title }, at) => {
    if (file >= inputs.length) {
      const message = `names file ${file} in entry ${at}, but files 0 to ${inputs.length - 1} were sent`;
      throw new AppError('invalid_params', `"items" ${message}.`, { errors: [{ param: 'items', message }] });
    }
    return { index: file, pages, rotate, title };
  });
}

function wholeFiles(inputs: readonly InputFile[], order: MergeParams['order']): Part[] {
  return orderFiles(inputs, order).map((index) => ({ index, rotate: 0 }));
}

/**
 * Orders the pages of the result. `collate` alternates between parts, and `pad` adds a blank page after a part of odd
 * length. Throws `too_many_pages`.
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
  if (total > MAX_PAGES)
    throw new AppError(
      'too_many_pages',
      `The result would have more than ${MAX_PAGES} pages. Merge fewer pages at once.`,
    );
  return collate ? inTurn(runs) : runs.flat();
}

function inTurn(runs: readonly (readonly PlannedPage[])[]): PlannedPage[] {
  const longest = runs.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: longest }, (_none, at) => runs.flatMap((run) => run[at] ?? [])).flat();
}

/** The title of a part is that of its item, or else the name of its file without extension. */
export function titleOf({ title, index }: Part, documents: ReadonlyMap<number, OpenDocument>): string {
  if (title !== undefined) return title;
  const name = documents.get(index)?.numbered.file.name ?? '';
  return name.replace(/(?<=.)\.[A-Za-z0-9]{1,5}$/, '');
}
