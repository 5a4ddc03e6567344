import { Fault } from '../../fault.js';
import type { PdfFile } from '../file/pdf-file.js';
import { MAX_TREE_NODES } from '../limits.js';
import { PdfDict, PdfName, PdfRef } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';

/** A node of the field hierarchy (ISO 32000-2, 12.7.4): a field, a widget, or one that is both. */
export interface FieldNode {
  readonly num: number;
  readonly dict: PdfDict;
  readonly parent: FieldNode | undefined;
  readonly kids: FieldNode[];
  /** The field type, which may be inherited: Btn, Tx, Ch, Sig. */
  readonly type: string | undefined;
}

/**
 * All nodes of an interactive form, parents before their kids. A node that was there before is passed over, and one
 * without a number, which the standard does not know.
 */
export function readFields(file: PdfFile, form: PdfDict): FieldNode[] {
  const nodes: FieldNode[] = [];
  const seen = new Set<number>();
  const left: { ref: PdfObject; parent: FieldNode | undefined }[] = [];
  push(form.get('Fields'), undefined);
  for (let next = left.pop(); next; next = left.pop()) {
    const { ref, parent } = next;
    if (!(ref instanceof PdfRef) || seen.has(ref.num)) continue;
    seen.add(ref.num);
    if (seen.size > MAX_TREE_NODES) throw new Fault('corrupt_pdf', `has more than ${MAX_TREE_NODES} form fields`);
    const dict = file.resolve(ref);
    if (!(dict instanceof PdfDict)) continue;
    const type = file.resolve(dict.get('FT'));
    const own = type instanceof PdfName ? type.value : parent?.type;
    const node: FieldNode = { num: ref.num, dict, parent, kids: [], type: own };
    nodes.push(node);
    parent?.kids.push(node);
    push(dict.get('Kids'), node);
  }
  return nodes;

  /** The first goes last: it is taken next. */
  function push(list: PdfObject | undefined, parent: FieldNode | undefined): void {
    const kids = file.resolve(list);
    if (Array.isArray(kids)) for (const ref of kids.toReversed()) left.push({ ref, parent });
  }
}

/** The object numbers of a page's annotations. */
export function annotationsOf(file: PdfFile, page: PdfDict): number[] {
  const annots = file.resolve(page.get('Annots'));
  return Array.isArray(annots) ? annots.flatMap((annot) => (annot instanceof PdfRef ? [annot.num] : [])) : [];
}
