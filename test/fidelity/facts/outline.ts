import type { Dict, Graph, Value } from '../graph.js';
import { destinationIn, targetOf } from './destinations.js';

export interface OutlineItem {
  readonly title: string;
  readonly page: number | undefined;
  /** Whether its target is in this document. */
  readonly leads: boolean;
  /** Colour and flags as they are written. Black and plain by default. */
  readonly style: string;
  /** Undefined for an item with nothing below it. */
  readonly open: boolean | undefined;
  readonly items: readonly OutlineItem[];
}

const MAX_LEVELS = 20;

/** Returns the outline as a tree (ISO 32000-2, 12.3.3). A repeated item ends its list. */
export function readOutline(graph: Graph): OutlineItem[] {
  const seen = new Set<string>();
  const listBelow = (parent: Dict, level: number): OutlineItem[] => {
    const items: OutlineItem[] = [];
    let value: Value | undefined = parent['/First'];
    for (let ref = graph.refOf(value); ref !== undefined && !seen.has(ref); ref = graph.refOf(value)) {
      seen.add(ref);
      const dict = graph.dict(ref);
      items.push(itemOf(graph, dict, level < MAX_LEVELS ? listBelow(dict, level + 1) : []));
      value = dict['/Next'];
    }
    return items;
  };
  return listBelow(graph.dict(graph.root['/Outlines']), 0);
}

function itemOf(graph: Graph, dict: Dict, items: readonly OutlineItem[]): OutlineItem {
  const destination = destinationIn(graph, dict);
  const colour = graph.numbers(dict['/C']) || '0 0 0';
  return {
    title: graph.text(dict['/Title']) ?? '',
    page: targetOf(graph, destination),
    leads: destination !== undefined,
    style: `${colour}, ${graph.number(dict['/F']) ?? 0}`,
    open: items.length > 0 ? (graph.number(dict['/Count']) ?? 0) > 0 : undefined,
    items,
  };
}
