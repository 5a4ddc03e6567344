import { annotationsOf } from '../../pdf/document/field-tree.js';
import { pageDict } from '../../pdf/document/page-tree.js';
import type { Source } from '../source.js';

const WIDGET = Buffer.from('/Widget');

/** The object numbers of the widgets on the pages of a source. Annotations of other kinds are not parsed. */
export function* widgetsOf({ file, pages }: Source): Generator<number> {
  for (const { entry } of pages) {
    for (const num of annotationsOf(file, pageDict(file, entry))) {
      const raw = file.raw(num);
      if (raw?.bytes.subarray(raw.start, raw.end).includes(WIDGET)) yield num;
    }
  }
}
