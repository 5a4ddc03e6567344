import type { PdfArray, PdfFile, PdfObject, SourceObjectNumber } from '@pdf-tools/pdf';
import { MAX_NESTING, MAX_TREE_NODES, PdfDict, PdfRef, PdfString } from '@pdf-tools/pdf';
import { kidsOf, kindOf } from './structure-element.js';

/** A structure element, or the root of the tree (ISO 32000-2, 14.7.2). */
export class StructureNode {
  readonly kids: (StructureNode | StructureContent)[] = [];
  /** Its /K has what is no kid, or one that was met before. */
  hasStrays = false;
  /** There is no content in it or below it. */
  isEmpty = true;
  /** The pages that it and the elements below it name, if it is empty. */
  readonly pages = new Set<SourceObjectNumber>();
  /** Its entries but for /K, once it was changed: an element may have very many kids. */
  entries: PdfDict | undefined;
  /** The last pruning in which it stayed. */
  keptBy = 0;
  readonly depth: number;

  constructor(
    /** As it stands in the /K above it. */
    readonly kid: PdfObject,
    /** The element itself, if it has no number. */
    readonly direct: PdfDict | undefined,
    readonly above: StructureNode | undefined,
    /** Number of the page that its content is on where the content itself names none. */
    readonly page: SourceObjectNumber | undefined,
    /** Number of the page in its own /Pg. */
    readonly ownPage: SourceObjectNumber | undefined,
    /** Its identifier as Latin-1 text. */
    readonly id: string | undefined,
  ) {
    this.depth = above ? above.depth + 1 : 0;
  }

  /** Its object number; undefined for an element that is written into its parent. */
  get num(): SourceObjectNumber | undefined {
    return this.kid instanceof PdfRef ? this.kid.num : undefined;
  }
}

/** Marked content, or an object of a page, in the /K of an element. */
export interface StructureContent {
  readonly kid: PdfObject;
  readonly node: StructureNode;
  readonly page: SourceObjectNumber | undefined;
  /** Its dictionary, if that names its page itself. */
  readonly named: PdfDict | undefined;
}

/** The structure tree of a document, by what its content is on. */
export interface StructureIndex {
  readonly root: StructureNode;
  /** Marked content, and objects that are no annotations, by the number of their page. */
  readonly byPage: ReadonlyMap<SourceObjectNumber, readonly StructureContent[]>;
  /** By the number of the object that is the content. */
  readonly byObject: ReadonlyMap<SourceObjectNumber, readonly StructureContent[]>;
  readonly numbers: ReadonlySet<SourceObjectNumber>;
  readonly ids: ReadonlySet<string>;
  /** How often it was pruned. */
  prunings: number;
}

/** Reads a structure tree; undefined for one of more nodes or levels than any has. */
export function indexStructure(file: PdfFile, root: PdfDict): StructureIndex | undefined {
  return new Indexing(file).run(root);
}

/** An element whose kids are being looked at. */
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
    // A reference to one element is looked at as that.
    if (!(kids instanceof PdfRef)) return kidsOf(this.#file, dict);
    if (this.#seen.has(kids.num)) return [null];
    const found = kidsOf(this.#file, dict);
    if (found[0] !== kids) this.#seen.add(kids.num);
    return found;
  }

  /** An element has one parent: the first that is met. The same goes for other kids. */
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
