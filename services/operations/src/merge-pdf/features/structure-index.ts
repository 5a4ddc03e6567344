import type { PdfArray, PdfFile, PdfObject, SourceObjectNumber } from '@pdf-tools/pdf';
import { MAX_NESTING, MAX_TREE_NODES, PdfDict, PdfRef, PdfString } from '@pdf-tools/pdf';
import { kidsOf, kindOf } from './structure-element.js';

/** A structure element, or the root of the tree (ISO 32000-2, 14.7.2). */
export class StructureNode {
  readonly kids: (StructureNode | StructureContent)[] = [];
  /** Whether its /K contains something invalid or repeated. */
  hasStrays = false;
  /** Whether neither it nor its descendants have content. */
  isEmpty = true;
  /** The pages that it and its descendants name, if it is empty. */
  readonly pages = new Set<SourceObjectNumber>();
  /** Its entries without /K, cached after a change, because an element may have very many kids. */
  entries: PdfDict | undefined;
  /** The last pruning that kept it. */
  keptBy = 0;
  readonly depth: number;

  constructor(
    /** Its value in the parent's /K. */
    readonly kid: PdfObject,
    /** The element itself if it is a direct object. */
    readonly direct: PdfDict | undefined,
    readonly above: StructureNode | undefined,
    /** Number of the page of content that does not name its own page. */
    readonly page: SourceObjectNumber | undefined,
    /** Number of the page in its own /Pg. */
    readonly ownPage: SourceObjectNumber | undefined,
    /** Its identifier as Latin-1 text. */
    readonly id: string | undefined,
  ) {
    this.depth = above ? above.depth + 1 : 0;
  }

  /** Its object number. Undefined if it is a direct object. */
  get num(): SourceObjectNumber | undefined {
    return this.kid instanceof PdfRef ? this.kid.num : undefined;
  }
}

/** Marked content, or an object of a page, in an element's /K. */
export interface StructureContent {
  readonly kid: PdfObject;
  readonly node: StructureNode;
  readonly page: SourceObjectNumber | undefined;
  /** Its dictionary if it names its own page. */
  readonly named: PdfDict | undefined;
}

/** The structure tree of a document, indexed by its content. */
export interface StructureIndex {
  readonly root: StructureNode;
  /** Marked content, and objects other than annotations, by page number. */
  readonly byPage: ReadonlyMap<SourceObjectNumber, readonly StructureContent[]>;
  /** Content by its object number. */
  readonly byObject: ReadonlyMap<SourceObjectNumber, readonly StructureContent[]>;
  readonly numbers: ReadonlySet<SourceObjectNumber>;
  readonly ids: ReadonlySet<string>;
  /** Number of prunings so far. */
  prunings: number;
}

/** Reads a structure tree. Returns undefined if it has too many nodes or levels. */
export function indexStructure(file: PdfFile, root: PdfDict): StructureIndex | undefined {
  return new Indexing(file).run(root);
}

/** An element whose kids are being visited. */
interface Level {
  readonly node: StructureNode;
  readonly kids: PdfArray;
  next: number;
}

class Indexing implements StructureIndex {
  readonly byPage = new Map<SourceObjectNumber, StructureContent[]>();
  readonly byObject = new Map<SourceObjectNumber, StructureContent[]>();
  readonly numbers = new Set<SourceObjectNumber>();
  readonly ids = new Set<string>();
  prunings = 0;
  readonly root = new StructureNode(null, undefined, undefined, undefined, undefined, undefined);
  readonly #file: PdfFile;
  readonly #seen = new Set<SourceObjectNumber>();
  readonly #levels: Level[] = [];

  constructor(file: PdfFile) {
    this.#file = file;
  }

  run(root: PdfDict): StructureIndex | undefined {
    this.#isNew(this.#file.catalog.get('StructTreeRoot'));
    this.#levels.push({ node: this.root, kids: this.#kidsOf(root), next: 0 });
    let visits = 0;
    for (let level = this.#levels.at(-1); level; level = this.#levels.at(-1)) {
      const kid = level.kids[level.next];
      level.next += 1;
      visits += 1;
      if (visits > MAX_TREE_NODES || this.#levels.length > MAX_NESTING) return undefined;
      if (kid === undefined) this.#leave();
      else this.#visit(level.node, kid);
    }
    return this;
  }

  #visit(node: StructureNode, kid: PdfObject): void {
    const value = this.#isNew(kid) ? this.#file.resolve(kid) : null;
    const kind = kindOf(value);
    if (kind === 'element' && value instanceof PdfDict) this.#enter(node, kid, value);
    else if (kind === undefined) node.hasStrays = true;
    else this.#addContent(node, kid, value);
  }

  #enter(above: StructureNode, kid: PdfObject, dict: PdfDict): void {
    const [id, page] = [this.#file.resolve(dict.get('ID')), dict.get('Pg')];
    const ownPage = page instanceof PdfRef ? page.num : undefined;
    const text = id instanceof PdfString ? id.bytes.toString('latin1') : undefined;
    const direct = kid instanceof PdfRef ? undefined : dict;
    const node = new StructureNode(kid, direct, above, ownPage ?? above.page, ownPage, text);
    if (node.num !== undefined) this.numbers.add(node.num);
    if (text !== undefined) this.ids.add(text);
    if (node.page !== undefined) node.pages.add(node.page);
    above.kids.push(node);
    this.#levels.push({ node, kids: this.#kidsOf(dict), next: 0 });
  }

  #leave(): void {
    const node = this.#levels.pop()?.node;
    if (!node?.above) return;
    if (!node.isEmpty) node.above.isEmpty = false;
    else for (const page of node.pages) node.above.pages.add(page);
  }

  #addContent(node: StructureNode, kid: PdfObject, value: PdfObject): void {
    const dict = value instanceof PdfDict ? value : undefined;
    const own = dict?.get('Pg');
    const page = own instanceof PdfRef ? own.num : node.page;
    const content = { kid, node, page, named: own instanceof PdfRef ? dict : undefined };
    node.isEmpty = false;
    node.kids.push(content);
    if (kindOf(value) !== 'object') {
      add(this.byPage, page, content);
      return;
    }
    const reference = dict?.get('Obj');
    if (reference instanceof PdfRef) add(this.byObject, reference.num, content);
    const object = this.#file.resolve(reference);
    const isAnnotation = object instanceof PdfDict && object.has('Subtype');
    // An annotation belongs to the page that lists it, even if the reference names another page.
    if (object !== null && !isAnnotation) add(this.byPage, page, content);
  }

  #kidsOf(dict: PdfDict): PdfArray {
    const kids = dict.get('K');
    // A reference to a single element is a kid itself.
    if (!(kids instanceof PdfRef)) return kidsOf(this.#file, dict);
    if (this.#seen.has(kids.num)) return [null];
    const found = kidsOf(this.#file, dict);
    if (found[0] !== kids) this.#seen.add(kids.num);
    return found;
  }

  /** Each element has one parent, the first that is found. The same applies to other kids. */
  #isNew(kid: PdfObject | undefined): boolean {
    if (!(kid instanceof PdfRef)) return true;
    if (this.#seen.has(kid.num)) return false;
    this.#seen.add(kid.num);
    return true;
  }
}

function add(
  lists: Map<SourceObjectNumber, StructureContent[]>,
  key: SourceObjectNumber | undefined,
  content: StructureContent,
): void {
  if (key === undefined) return;
  const list = lists.get(key);
  if (list) list.push(content);
  else lists.set(key, [content]);
}
