import { isArray } from '../graph.js';
import type { Dict, Graph, GraphPage, Value } from '../graph.js';

export interface GroupFacts {
  readonly name: string;
  readonly visible: boolean;
  readonly locked: boolean;
}

export interface LayerFacts {
  readonly groups: readonly GroupFacts[];
  /** Each group or heading below its parent, "Shown > Detail", in the order shown to the reader. */
  readonly order: readonly string[];
  /** Names of each radio-button group. */
  readonly radio: readonly string[];
  /** The property lists and XObjects that the content of each page names and that belong to layers, with their state. */
  readonly used: readonly (readonly string[])[];
  /** Layers that content names and the document does not list. */
  readonly unlisted: readonly string[];
}

const MAX_LEVELS = 20;

/** Optional content with the default configuration's states (ISO 32000-2, 8.11.4). */
export function readLayers(graph: Graph): LayerFacts {
  const properties = graph.dict(graph.root['/OCProperties']);
  const config = graph.dict(properties['/D']);
  const listed = graph.array(properties['/OCGs']).map((ref) => graph.refOf(ref) ?? '');
  const states = new Map(listed.map((ref) => [ref, factsOf(graph, config, ref)]));
  const used = graph.pages.map((page) => groupsOf(graph, page));
  return {
    groups: [...states.values()],
    order: orderOf(graph, config['/Order']),
    radio: graph.array(config['/RBGroups']).map((group) =>
      graph
        .array(group)
        .map((ref) => nameOf(graph, ref))
        .join(),
    ),
    used: used.map((groups) =>
      groups.map(({ where, ref }) => {
        const state = states.get(ref);
        return `${where}: ${nameOf(graph, ref)} ${state ? (state.visible ? 'shown' : 'hidden') : 'unlisted'}`;
      }),
    ),
    unlisted: used.flat().flatMap(({ where, ref }) => (states.has(ref) ? [] : [`${where}: ${nameOf(graph, ref)}`])),
  };
}

function factsOf(graph: Graph, config: Dict, ref: string): GroupFacts {
  const isIn = (key: string): boolean => graph.array(config[key]).includes(ref);
  const visible = config['/BaseState'] === '/OFF' ? isIn('/ON') : !isIn('/OFF');
  return { name: nameOf(graph, ref), visible, locked: isIn('/Locked') };
}

function nameOf(graph: Graph, ref: Value): string {
  return graph.text(graph.dict(ref)['/Name']) ?? '';
}

/** An array after a group is below it, unless it begins with a string, which is its heading. */
function orderOf(graph: Graph, order: Value | undefined, parents: readonly string[] = []): string[] {
  const lines: string[] = [];
  const values = graph.array(order);
  const heading = graph.text(values[0]);
  const above = heading === undefined ? parents : [...parents, heading];
  let last: readonly string[] = [];
  for (const value of heading === undefined ? values : values.slice(1)) {
    const found = graph.resolve(value);
    if (isArray(found)) {
      const isHeaded = graph.text(found[0]) !== undefined;
      if (above.length < MAX_LEVELS) lines.push(...orderOf(graph, found, isHeaded ? above : [...above, ...last]));
    } else {
      last = [nameOf(graph, value)];
      lines.push([...above, ...last].join(' > '));
    }
  }
  return lines;
}

function groupsOf(graph: Graph, page: GraphPage): { where: string; ref: string }[] {
  const dict = graph.dict(page.get('/Resources'));
  const named = new Set(
    graph
      .contentOf(page)
      .toString('latin1')
      .match(/\/[^\s()<>[\]{}/%]+/g),
  );
  const properties = Object.entries(graph.dict(dict['/Properties']));
  const xobjects = Object.entries(graph.dict(dict['/XObject'])).map(([key, value]): [string, Value] => [
    key,
    graph.dict(value)['/OC'] ?? null,
  ]);
  return [...properties, ...xobjects]
    .filter(([where]) => named.has(where))
    .flatMap(([where, value]) => groupsBehind(graph, value).map((ref) => ({ where, ref })));
}

/** The group itself, or the groups of a membership dictionary. */
function groupsBehind(graph: Graph, value: Value): string[] {
  const dict = graph.dict(value);
  if (dict['/Type'] === '/OCG') return [graph.refOf(value) ?? 'inside'];
  if (dict['/Type'] !== '/OCMD') return [];
  const members = graph.resolve(dict['/OCGs']);
  return (isArray(members) ? members : [dict['/OCGs'] ?? null]).map((ref) => graph.refOf(ref) ?? 'inside');
}
