import { isArray, isDict } from '../graph.js';
import type { Dict, Graph, Value } from '../graph.js';

export interface NamedDestination {
  readonly name: string;
  /** A string of the name tree, or a name of the catalog's /Dests. */
  readonly style: 'string' | 'name';
  readonly page: number | undefined;
}

export interface LinkFacts {
  readonly page: number;
  readonly rect: string;
  /** Its page. Undefined if that is no page of this document. */
  readonly target: number | undefined;
  readonly uri: string | undefined;
  /** Whether its target is in this document. */
  readonly leads: boolean;
}

const read = new WeakMap<Graph, readonly NamedDestination[]>();

/** Returns all named destinations, read once per document, because every link may need them. */
export function readNamedDestinations(graph: Graph): readonly NamedDestination[] {
  const known = read.get(graph) ?? listDestinations(graph);
  read.set(graph, known);
  return known;
}

function listDestinations(graph: Graph): NamedDestination[] {
  const names = graph.dict(graph.root['/Names']);
  const strings = graph.tree(names['/Dests'], '/Names').map(([key, value]): NamedDestination => ({
    name: graph.text(key) ?? '',
    style: 'string',
    page: pageOf(graph, value),
  }));
  const old = Object.entries(graph.dict(graph.root['/Dests'])).map(([key, value]): NamedDestination => ({
    name: key.slice(1),
    style: 'name',
    page: pageOf(graph, value),
  }));
  return [...strings, ...old];
}

/** Page of an explicit destination, of a dictionary around it, or of what is named (ISO 32000-2, 12.3.2). */
export function targetOf(graph: Graph, value: Value | undefined): number | undefined {
  const found = graph.resolve(value);
  if (isArray(found) || isDict(found)) return pageOf(graph, found);
  const [text, name] = [graph.text(found), graph.name(found)];
  return readNamedDestinations(graph).find(
    (each) => (each.style === 'string' && each.name === text) || (each.style === 'name' && each.name === name),
  )?.page;
}

/** The destination that an outline item or an annotation names, by /Dest or by a GoTo action. */
export function destinationIn(graph: Graph, dict: Dict): Value | undefined {
  const action = graph.dict(dict['/A']);
  return dict['/Dest'] ?? (action['/S'] === '/GoTo' ? action['/D'] : undefined);
}

export function readLinks(graph: Graph): LinkFacts[] {
  return graph.pages.flatMap(({ dict }, page) =>
    graph.array(dict['/Annots']).flatMap((annot): LinkFacts[] => {
      const link = graph.dict(annot);
      if (link['/Subtype'] !== '/Link') return [];
      const destination = destinationIn(graph, link);
      return [
        {
          page,
          rect: graph.numbers(link['/Rect']),
          target: targetOf(graph, destination),
          uri: graph.text(graph.dict(link['/A'])['/URI']),
          leads: destination !== undefined,
        },
      ];
    }),
  );
}

function pageOf(graph: Graph, value: Value): number | undefined {
  const found = graph.resolve(value);
  const explicit = isDict(found) ? graph.resolve(found['/D']) : found;
  return isArray(explicit) ? graph.pageIndex(explicit[0]) : undefined;
}
