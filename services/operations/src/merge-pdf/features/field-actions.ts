import type {
  FieldNode,
  PdfArray,
  PdfFile,
  PdfWriter,
  Rewriter,
  SourceObjectNumber,
  TargetObjectNumber,
} from '@pdf-tools/pdf';
import { PdfDict, PdfName, PdfRef, PdfString, TargetRef, isInteger, isName, textOf, textString } from '@pdf-tools/pdf';
import type { Source } from '../source.js';
import { displayName } from '../unique-name.js';

/**
 * Bit 1 of the flags of ResetForm and SubmitForm (ISO 32000-2, tables 239 and 241): the list contains the excluded
 * fields.
 */
const EXCLUDE = 1;
/** Maximum number of fields visited to convert lists of excluded fields. Later lists are not converted. */
const MAX_LISTED = 200_000;

/**
 * Limits actions on form fields (ResetForm, SubmitForm, Hide) to the fields of their own source, with the names in the
 * result. Scripts are only detected, because changing them is not safe.
 */
export class FieldActions implements Rewriter {
  readonly markers = ['/ResetForm', '/SubmitForm', '/Hide', '/JavaScript'];
  /** Whether objects copied so far contain scripts. */
  hasScripts = false;
  readonly #file: PdfFile;
  /** New names of root fields, by their old names as text. */
  readonly #names: ReadonlyMap<string, string>;
  readonly #nodes: readonly FieldNode[];
  readonly #taken: ReadonlySet<SourceObjectNumber>;
  readonly #writer: PdfWriter;
  /** Number of the target object that lists all fields. */
  #allFields: TargetObjectNumber | undefined;
  #listed = 0;

  constructor(writer: PdfWriter, { file }: Source, names: ReadonlyMap<string, string>, nodes: readonly FieldNode[]) {
    this.#writer = writer;
    this.#file = file;
    this.#names = names;
    this.#nodes = nodes;
    this.#taken = new Set(nodes.map(({ num }) => num));
  }

  /** Writes the list of all fields if an action needs it. */
  finish({ copier }: Source): void {
    const roots = this.#nodes.filter(({ parent }) => !parent);
    if (this.#allFields !== undefined)
      copier.write(
        roots.map(({ num }) => new PdfRef(num, 0)),
        this.#allFields,
      );
  }

  /** Whether any field was renamed. */
  get renames(): boolean {
    return [...this.#names].some(([from, to]) => displayName(to) !== from);
  }

  rewrite(dict: PdfDict): void {
    const kind = this.#file.resolve(dict.get('S'));
    if (!(kind instanceof PdfName)) return;
    if (isName(kind, 'JavaScript')) this.hasScripts = true;
    else if (isName(kind, 'Hide')) this.#rewriteHide(dict);
    else if (isName(kind, 'ResetForm') || isName(kind, 'SubmitForm')) this.#rewriteFields(dict);
  }

  #rewriteHide(action: PdfDict): void {
    const target = this.#file.resolve(action.get('T'));
    if (Array.isArray(target)) action.set('T', this.#renamedAll(target));
    else if (target instanceof PdfString) action.set('T', this.#renamed(target) ?? []);
  }

  /** An action without a list applies to all fields of its document. */
  #rewriteFields(action: PdfDict): void {
    const [list, flags] = [this.#file.resolve(action.get('Fields')), this.#file.resolve(action.get('Flags'))];
    const bits = isInteger(flags) ? flags : 0;
    if (!Array.isArray(list)) {
      this.#allFields ??= this.#writer.allocate();
      action.set('Fields', new TargetRef(this.#allFields));
    } else {
      const isExclusion = (bits & EXCLUDE) !== 0 && this.#listed < MAX_LISTED;
      action.set('Fields', isExclusion ? this.#allBut(list) : this.#renamedAll(list));
      if (!isExclusion) return;
    }
    if (bits !== 0) action.set('Flags', bits & ~EXCLUDE);
  }

  /** The fields of a list that are taken. */
  #renamedAll(list: PdfArray): PdfArray {
    return list.flatMap((item) => {
      if (item instanceof PdfRef && this.#file.resolve(item) instanceof PdfDict)
        return this.#taken.has(item.num) ? [item] : [];
      const name = this.#file.resolve(item);
      if (!(name instanceof PdfString)) return [item];
      const renamed = this.#renamed(name);
      return renamed ? [renamed] : [];
    });
  }

  /** A fully qualified name in the result. Undefined if its root field is not taken. */
  #renamed(name: PdfString): PdfString | undefined {
    const [root = '', ...below] = textOf(name).split('.');
    const to = this.#names.get(root);
    if (to === undefined) return undefined;
    if (below.length === 0) return PdfString.latin1(to);
    return displayName(to) === root ? name : textString([displayName(to), ...below].join('.'));
  }

  /** The terminal fields of the source without those that a list names directly or through an ancestor. */
  #allBut(list: PdfArray): PdfArray {
    const numbers = new Set(list.flatMap((item) => (item instanceof PdfRef ? [item.num] : [])));
    const names = new Set(
      list.map((item) => this.#file.resolve(item)).flatMap((item) => (item instanceof PdfString ? [textOf(item)] : [])),
    );
    this.#listed += this.#nodes.length;
    const left = new Map<FieldNode, string>();
    // Parents precede their kids, so an excluded field excludes everything below it.
    for (const node of this.#nodes) {
      const above = node.parent ? left.get(node.parent) : '';
      const title = this.#file.resolve(node.dict.get('T'));
      const name = title instanceof PdfString ? [above, textOf(title)].filter(Boolean).join('.') : above;
      if (above !== undefined && name !== undefined && !numbers.has(node.num) && !names.has(name)) left.set(node, name);
    }
    return [...left.keys()].filter((node) => isTerminal(node)).map(({ num }) => new PdfRef(num, 0));
  }
}

/** Whether a node is a field whose kids are only its widgets. */
function isTerminal({ dict, parent, kids }: FieldNode): boolean {
  return (dict.has('T') || !parent) && kids.every((kid) => !kid.dict.has('T'));
}
