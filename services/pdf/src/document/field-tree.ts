import { PdfError } from '../errors.js';
import type { PdfFile } from '../file/pdf-file.js';
import { MAX_NESTING, MAX_TREE_NODES } from '../limits.js';
import { PdfDict, PdfName, PdfRef, PdfString } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';

/** A node of the field hierarchy (ISO 32000-2, 12.7.4), which is a field, a widget, or both. */
export interface FieldNode {
  readonly num: SourceObjectNumber;
  readonly dict: PdfDict;
  readonly parent: FieldNode | undefined;
  readonly kids: FieldNode[];
  /** The field type, which may be inherited: Btn, Tx, Ch, Sig. */
  readonly type: string | undefined;
}

/**
 * Reads all nodes of a form, parents before kids. Those below /Fields come first, then the fields of widgets that no
 * field lists. Skips repeated nodes and direct nodes, which the standard does not allow.
 */
export function readFields(file: PdfFile, form: PdfDict, widgets: Iterable<SourceObjectNumber> = []): FieldNode[] {
  const reader = new FieldReader(file);
  reader.readAll(form.get('Fields'), undefined);
  for (const widget of widgets) reader.readUpwards(widget);
  return [...reader.nodes.values()];
}

class FieldReader {
  readonly nodes = new Map<SourceObjectNumber, FieldNode>();
  readonly #file: PdfFile;
  readonly #seen = new Set<SourceObjectNumber>();
  readonly #left: { readonly ref: PdfObject; readonly parent: FieldNode | undefined }[] = [];

  constructor(file: PdfFile) {
    this.#file = file;
  }

  /** Reads a list of nodes and everything below them. */
  readAll(list: PdfObject | undefined, parent: FieldNode | undefined): void {
    this.#push(list, parent);
    for (let next = this.#left.pop(); next; next = this.#left.pop()) this.#read(next.ref, next.parent);
  }

  /** Reads the unlisted field of a widget from its root down. Ignores widgets whose fields have no name. */
  readUpwards(widget: SourceObjectNumber): void {
    if (this.#seen.has(widget)) return;
    const line = this.#ancestors(widget);
    if (!line.some(({ dict }) => this.#file.resolve(dict.get('T')) instanceof PdfString)) return;
    let parent: FieldNode | undefined;
    for (const { num } of line.reverse()) {
      if (!this.#seen.has(num)) this.readAll([new PdfRef(num, 0)], parent);
      parent = this.nodes.get(num);
    }
  }

  /** A widget and its ancestors, up to the first that was read. */
  #ancestors(widget: SourceObjectNumber): { readonly num: SourceObjectNumber; readonly dict: PdfDict }[] {
    const line: { num: SourceObjectNumber; dict: PdfDict }[] = [];
    const met = new Set<SourceObjectNumber>();
    let next: PdfObject | undefined = new PdfRef(widget, 0);
    while (next instanceof PdfRef && !met.has(next.num) && met.size < MAX_NESTING) {
      const dict = this.#file.resolve(next);
      if (!(dict instanceof PdfDict)) break;
      met.add(next.num);
      line.push({ num: next.num, dict });
      if (this.#seen.has(next.num)) break;
      next = dict.get('Parent');
    }
    return line;
  }

  #read(ref: PdfObject, parent: FieldNode | undefined): void {
    if (!(ref instanceof PdfRef) || this.#seen.has(ref.num)) return;
    this.#seen.add(ref.num);
    if (this.#seen.size > MAX_TREE_NODES)
      throw new PdfError('corrupt_pdf', `has more than the limit of ${MAX_TREE_NODES} form fields`);
    const dict = this.#file.resolve(ref);
    if (!(dict instanceof PdfDict)) return;
    const type = this.#file.resolve(dict.get('FT'));
    const own = type instanceof PdfName ? type.value : parent?.type;
    const node: FieldNode = { num: ref.num, dict, parent, kids: [], type: own };
    this.nodes.set(ref.num, node);
    parent?.kids.push(node);
    this.#push(dict.get('Kids'), node);
  }

  /** The stack is last in, first out. */
  #push(list: PdfObject | undefined, parent: FieldNode | undefined): void {
    const kids = this.#file.resolve(list);
    if (Array.isArray(kids)) for (const ref of kids.toReversed()) this.#left.push({ ref, parent });
  }
}

/** The object numbers of a page's annotations. */
export function annotationsOf(file: PdfFile, page: PdfDict): SourceObjectNumber[] {
  const annots = file.resolve(page.get('Annots'));
  return Array.isArray(annots) ? annots.flatMap((annot) => (annot instanceof PdfRef ? [annot.num] : [])) : [];
}
