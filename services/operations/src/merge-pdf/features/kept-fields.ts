import { annotationsOf } from '../../pdf/document/field-tree.js';
import type { FieldNode } from '../../pdf/document/field-tree.js';
import { pageDict } from '../../pdf/document/page-tree.js';
import type { Source } from '../source.js';

/**
 * The fields and widgets of a source that are taken, parents before their kids, each with the kids that are: those whose
 * widget is on a page of the source, and with a whole document those that show nowhere.
 */
export function keptFields(source: Source, nodes: readonly FieldNode[]): FieldNode[] {
  if (source.isWhole && !source.isRepeated) return [...nodes];
  const { file, pages } = source;
  const shown = new Set(pages.flatMap(({ entry }) => annotationsOf(file, pageDict(file, entry))));
  const kept = new Set<FieldNode>();
  for (const node of nodes.toReversed()) {
    if (shown.has(node.num) || node.kids.some((kid) => kept.has(kid))) kept.add(node);
  }
  const copies = new Map<FieldNode, FieldNode>();
  for (const node of nodes) {
    if (!kept.has(node)) continue;
    const parent = node.parent && copies.get(node.parent);
    const copy: FieldNode = { ...node, parent, kids: [] };
    parent?.kids.push(copy);
    copies.set(node, copy);
  }
  return [...copies.values()];
}
