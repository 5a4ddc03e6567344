import { PdfDict, PdfRef, readFields } from '@pdf-tools/pdf';
import type { FieldNode, SourceObjectNumber } from '@pdf-tools/pdf';
import type { PageReferences } from '../page-references.js';
import { PerDocument } from '../per-document.js';
import type { Source } from '../source.js';
import { widgetsOf } from './widgets.js';

/** The interactive form of a document (ISO 32000-2, 12.7.3). */
export interface Form {
  /** Undefined if the document has only widgets on its pages. */
  readonly form: PdfDict | undefined;
  /** Parents before their kids. */
  readonly nodes: readonly FieldNode[];
  /** Positions of nodes, by object number. */
  readonly positions: ReadonlyMap<number, number>;
  /** Positions of fields in the calculation order, by object number. */
  readonly order: ReadonlyMap<number, number>;
}

export function formsOf(): PerDocument<Form> {
  return new PerDocument(readForm);
}

function readForm(source: Source): Form {
  const { file } = source;
  const entry = file.catalogEntry('AcroForm');
  const form = entry instanceof PdfDict ? entry : undefined;
  const nodes = readFields(file, form ?? new PdfDict(), widgetsOf(source));
  const order = file.resolve(form?.get('CO'));
  return {
    form,
    nodes,
    positions: new Map(nodes.map(({ num }, at) => [num, at])),
    order: new Map(
      (Array.isArray(order) ? order : []).flatMap((field, at) => (field instanceof PdfRef ? [[field.num, at]] : [])),
    ),
  };
}

/** References to the given fields in their calculation order. */
export function calculationOrder({ order }: Form, fields: readonly FieldNode[]): PdfRef[] {
  const placed = fields.flatMap(({ num }) => {
    const at = order.get(num);
    return at === undefined ? [] : [{ num, at }];
  });
  return placed.sort((left, right) => left.at - right.at).map(({ num }) => new PdfRef(num, 0));
}

/**
 * The taken fields and widgets of a source, parents before kids: those with a widget on a page of the source, and for a
 * complete document also those without widgets.
 */
export function keptFields(source: Source, form: Form, annotations: PageReferences): FieldNode[] {
  const { nodes } = form;
  if (source.isWhole && !source.isRepeated) return [...nodes];
  const copies = new Map<FieldNode, FieldNode>();
  for (const at of shownFields(annotations.of(source), form)) {
    const node = nodes[at];
    if (!node) continue;
    const parent = node.parent && copies.get(node.parent);
    const copy: FieldNode = { ...node, parent, kids: [] };
    parent?.kids.push(copy);
    copies.set(node, copy);
  }
  return [...copies.values()];
}

/** Positions of the fields and widgets on the source's pages and of their ancestors, in order. */
function shownFields(annotations: Iterable<SourceObjectNumber>, { nodes, positions }: Form): number[] {
  const shown = new Set<number>();
  for (const num of annotations) {
    let at = positions.get(num);
    while (at !== undefined && !shown.has(at)) {
      shown.add(at);
      const parent = nodes[at]?.parent;
      at = parent && positions.get(parent.num);
    }
  }
  return [...shown].sort((left, right) => left - right);
}
