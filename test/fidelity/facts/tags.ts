import { isArray, isDict } from '../graph.js';
import type { Dict, Graph, Value } from '../graph.js';

/** A piece of content and the element that it belongs to. */
export interface LeafFacts {
  /** Standard types from the top, "Document/Sect/Table", after the role map. */
  readonly path: string;
  readonly page: number | undefined;
  /** "MCID 0", "form MCID 0" (inside a form XObject) or "object" with its rectangle. */
  readonly what: string;
  /** Attributes of the element and of its classes. */
  readonly attributes: string;
  readonly alt: string | undefined;
  readonly id: string | undefined;
  /** The targets of a cell's header IDs, each as "page n: what". */
  readonly headers: readonly string[];
}

export interface TagFacts {
  readonly leaves: readonly LeafFacts[];
  readonly marked: boolean;
  /** Differences from the parent tree and the ID tree. */
  readonly problems: readonly string[];
}

interface Node {
  readonly value: Value;
  readonly element: string;
  readonly path: readonly string[];
  readonly page: Value | undefined;
}

interface Leaf extends Omit<LeafFacts, 'headers'> {
  readonly element: string;
  readonly headerIds: readonly string[];
  /** Key of the parent tree, and the place in its row for marked content. */
  readonly key: number | undefined;
  readonly mcid: number | undefined;
}

/** The structure tree flattened, checked against its parent tree and ID tree (ISO 32000-2, 14.7). */
export function readTags(graph: Graph): TagFacts {
  const root = graph.dict(graph.root['/StructTreeRoot']);
  const leaves = walk(graph, root);
  const ids = new Map(
    graph.tree(root['/IDTree'], '/Names').map(([key, value]) => [graph.text(key) ?? '', graph.refOf(value) ?? '']),
  );
  const headerOf = (id: string): string => {
    const leaf = leaves.find(({ element }) => element === ids.get(id));
    return leaf ? `page ${leaf.page}: ${leaf.what}` : 'nothing';
  };
  return {
    leaves: leaves.map(({ path, page, what, attributes, alt, id, headerIds }) => ({
      ...{ path, page, what, attributes, alt, id },
      headers: headerIds.map(headerOf),
    })),
    marked: graph.dict(graph.root['/MarkInfo'])['/Marked'] === true,
    problems: [...checkParents(graph, root, leaves), ...checkIds(graph, ids, leaves), ...checkRows(graph, root)],
  };
}

function walk(graph: Graph, root: Dict): Leaf[] {
  const leaves: Leaf[] = [];
  const seen = new Set<string>();
  const waiting: Node[] = [{ value: root['/K'] ?? null, element: '', path: [], page: undefined }];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const found = graph.resolve(node.value);
    if (isArray(found)) {
      const { element, path, page } = node;
      waiting.push(...found.map((value): Node => ({ value, element, path, page })).reverse());
    } else if (isDict(found) && found['/S'] !== undefined) {
      const ref = graph.refOf(node.value) ?? '';
      if (seen.has(ref)) continue;
      seen.add(ref);
      const path = [...node.path, roleOf(graph, root, graph.name(found['/S']) ?? '')];
      waiting.push({ value: found['/K'] ?? null, element: ref, path, page: found['/Pg'] ?? node.page });
    } else if (found !== null) leaves.push(leafOf(graph, root, node));
  }
  return leaves;
}

function roleOf(graph: Graph, root: Dict, type: string): string {
  const roles = graph.dict(root['/RoleMap']);
  const seen = new Set<string>();
  let role = type;
  for (
    let next = graph.name(roles[`/${role}`]);
    next !== undefined && !seen.has(role);
    next = graph.name(roles[`/${role}`])
  ) {
    seen.add(role);
    role = next;
  }
  return role;
}

function leafOf(graph: Graph, root: Dict, { value, element, path, page }: Node): Leaf {
  const kid = graph.dict(value);
  const owner = graph.dict(element);
  const pg = kid['/Pg'] ?? page;
  const mcid = graph.number(value) ?? graph.number(kid['/MCID']);
  const object = graph.dict(kid['/Obj']);
  const holder = kid['/Stm'] === undefined ? graph.dict(pg) : graph.dict(kid['/Stm']);
  const place = mcid === undefined ? `object ${graph.numbers(object['/Rect'])}` : `MCID ${mcid}`;
  const ids = [graph.resolve(owner['/A'])].flat().flatMap((each) => graph.array(graph.dict(each)['/Headers']));
  return {
    ...{ element, path: path.join('/'), page: graph.pageIndex(pg), mcid },
    what: kid['/Stm'] === undefined ? place : `form ${place}`,
    attributes: attributesOf(graph, root, owner),
    alt: graph.text(owner['/Alt']),
    id: graph.text(owner['/ID']),
    headerIds: ids.map((id) => graph.text(id) ?? ''),
    key: graph.number(mcid === undefined ? object['/StructParent'] : holder['/StructParents']),
  };
}

/** Headers are left out, because their targets are compared instead. */
function attributesOf(graph: Graph, root: Dict, owner: Dict): string {
  const list = (value: Value | undefined): readonly Value[] => {
    const found = graph.resolve(value);
    return found === null ? [] : isArray(found) ? found : [found];
  };
  const classes = graph.dict(root['/ClassMap']);
  const ofClasses = list(owner['/C']).flatMap((name) => list(classes[`/${graph.name(name) ?? ''}`]));
  const all = [...list(owner['/A']), ...ofClasses].map((each) => graph.content(each));
  return JSON.stringify(all, (key, value: Value) => (key === '/Headers' ? undefined : value));
}

function checkParents(graph: Graph, root: Dict, leaves: readonly Leaf[]): string[] {
  const parents = new Map(graph.tree(root['/ParentTree'], '/Nums'));
  return leaves.flatMap(({ key, mcid, element, page, what }) => {
    const row = key === undefined ? undefined : parents.get(key);
    const found = mcid === undefined ? row : graph.array(row)[mcid];
    return found === element ? [] : [`page ${page}: ${what} has no way to its element in the parent tree`];
  });
}

/** Every element of the parent tree is one of the structure tree, and has content under that key. */
function checkRows(graph: Graph, root: Dict): string[] {
  const known = new Set(walk(graph, root).map(({ element, key }) => `${element} ${key}`));
  return graph.tree(root['/ParentTree'], '/Nums').flatMap(([key, value]) => {
    const row = graph.resolve(value);
    const refs = (isArray(row) ? row : [value]).flatMap((each) => graph.refOf(each) ?? []);
    return refs.some((ref) => !known.has(`${ref} ${graph.number(key)}`))
      ? [`parent tree ${graph.number(key)} leads to no content`]
      : [];
  });
}

function checkIds(graph: Graph, ids: ReadonlyMap<string, string>, leaves: readonly Leaf[]): string[] {
  const wrong = [...ids].filter(([id, ref]) => graph.text(graph.dict(ref)['/ID']) !== id);
  const lost = leaves.filter(({ id, element }) => id !== undefined && ids.get(id) !== element);
  return [
    ...wrong.map(([id]) => `ID ${id} leads elsewhere`),
    ...lost.map(({ id }) => `ID ${id} is not in the ID tree`),
  ];
}
