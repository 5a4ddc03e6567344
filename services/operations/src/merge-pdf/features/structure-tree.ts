import { readNameTree, readNumberTree, writeNameTree, writeNumberTree } from '../../pdf/document/name-tree.js';
import type { PdfFile } from '../../pdf/file/pdf-file.js';
import { PdfDict, PdfName, PdfRef, WrittenRef } from '../../pdf/syntax/objects.js';
import type { PdfArray, PdfObject } from '../../pdf/syntax/objects.js';
import type { FeatureContext } from '../features.js';
import type { Feature, Source } from '../source.js';
import { ClassMaps } from './attribute-classes.js';
import { ElementIds } from './element-ids.js';
import { markInfoOf } from './mark-info.js';
import { kidsOf } from './structure-element.js';
import { pruneTree } from './structure-pruning.js';
import type { PrunedTree } from './structure-pruning.js';
import { StructureRewriter } from './structure-rewriter.js';
import { RoleMaps } from './structure-types.js';
import { languageOf, placeTopElements } from './top-elements.js';

/** The structure tree of a source on its way. */
interface SourceTree {
  readonly source: Source;
  readonly root: PdfDict;
  /** The elements at its top, each once. */
  readonly kids: PdfArray;
  /** Undefined where all stay. */
  readonly pruned: PrunedTree | undefined;
  readonly addedClasses: ReadonlyMap<string, PdfObject>;
  /** The entries of its /IDTree that stay, by the identifier that they have in the result. */
  readonly ids: ReadonlyMap<string, PdfObject>;
}

/** Lists of the root that are put together, in the order of the sources. */
const LISTS = ['Namespaces', 'PronunciationLexicon', 'AF'] as const;

/**
 * The structure trees (ISO 32000-2, 14.7) of all sources under one root, in the order of the sources. Of a source of
 * which not all pages are taken, elements without content on those that are go. Identifiers, types and classes that mean
 * something else in another source get other names.
 */
export class StructureTreeFeature implements Feature {
  readonly #context: FeatureContext;
  readonly #tagged: ReadonlySet<Source>;
  readonly #trees = new Map<Source, SourceTree>();
  readonly #roles: RoleMaps;
  readonly #classes = new ClassMaps();
  readonly #idNames: ElementIds;
  readonly #ids = new Map<string, PdfObject>();
  readonly #kids: PdfArray = [];
  readonly #lists = new Map<string, PdfArray>();
  /** Number of the root of the result. */
  readonly #root: number;
  /** The documents are not all in one language. */
  readonly #keepsLanguages: boolean;

  constructor(context: FeatureContext) {
    this.#context = context;
    this.#idNames = new ElementIds(context.report);
    this.#keepsLanguages = new Set(context.sources.map(({ file }) => languageOf(file))).size > 1;
    this.#tagged = new Set(context.sources.filter(({ file }) => rootOf(file)));
    this.#roles = new RoleMaps(this.#tagged.size > 1);
    this.#root = this.#tagged.size > 0 ? context.writer.allocate() : 0;
  }

  prepare(source: Source): void {
    const root = rootOf(source.file);
    if (!root) return;
    const reference = source.file.catalog.get('StructTreeRoot');
    if (reference instanceof PdfRef) source.copier.place(reference.num, this.#root);
    const pruned = source.isWhole ? undefined : pruneTree(source, root);
    if (!source.isWhole && !pruned) {
      this.#context.report.lost(source, 'tags: there are too many to take some of them');
      return;
    }
    const kids = pruned?.kids ?? kidsOf(source.file, root);
    if (kids.length > 0) this.#take(source, root, kids, pruned);
  }

  collect(source: Source): void {
    const tree = this.#trees.get(source);
    if (!tree) return;
    const { copier } = source;
    for (const kid of tree.kids) {
      const adopted = copier.adopt(kid);
      if (adopted !== null) this.#kids.push(adopted);
    }
    for (const [id, element] of tree.ids) {
      const adopted = copier.adopt(element);
      if (adopted !== null) this.#ids.set(id, adopted);
    }
    this.#classes.collect(copier, tree.addedClasses);
    this.#collectLists(tree);
  }

  finish(): Readonly<Record<string, PdfObject | undefined>> {
    const { writer, report, sources, params } = this.#context;
    if (this.#tagged.size > 0) {
      for (const source of sources) if (!this.#tagged.has(source)) report.note(source, 'has no tags');
    }
    const MarkInfo = markInfoOf(sources, this.#tagged, params.toc);
    if (this.#kids.length === 0) return { MarkInfo };
    writer.put(this.#rootDict(), this.#root);
    return { MarkInfo, StructTreeRoot: new WrittenRef(this.#root) };
  }

  /** Names what the tree of a source has names for, and says how its elements are copied. */
  #take(source: Source, root: PdfDict, kids: PdfArray, pruned: PrunedTree | undefined): void {
    const { file, copier } = source;
    const types = this.#roles.add(file, root.get('RoleMap'));
    const { renamed: classes, added } = this.#classes.name(source, root.get('ClassMap'));
    const newId = this.#idNames.of(source);
    const ids = readIds(source, root, pruned, newId);
    this.#report(source, 'structure types', types);
    this.#report(source, 'attribute classes', classes);
    const rewriter = new StructureRewriter(file, {
      types,
      classes,
      newId: this.#tagged.size > 1 ? newId : undefined,
      droppedIds: pruned?.droppedIds ?? new Set(),
      dropped: pruned?.dropped ?? new Set(),
    });
    if (rewriter.isNeeded) copier.rewriteWith(rewriter);
    const language = this.#keepsLanguages ? languageOf(file) : undefined;
    const top = placeTopElements(source, kids, { root: this.#root, language });
    this.#trees.set(source, { source, root, kids: top, pruned, addedClasses: added, ids });
  }

  #report(source: Source, kind: string, renamed: Iterable<readonly [from: string, to: string]>): void {
    for (const [from, to] of renamed) this.#context.report.renamed(source, kind, utf8(from), utf8(to));
  }

  /** What hangs on the root is there already when pages of its document come again, but for their namespaces. */
  #collectLists({ source, root }: SourceTree): void {
    const { file, copier, isRepeated } = source;
    for (const key of LISTS) {
      const value = root.get(key) ?? null;
      const resolved = file.resolve(value);
      if (resolved === null || (isRepeated && key !== 'Namespaces')) continue;
      const list = this.#lists.get(key) ?? [];
      this.#lists.set(key, list);
      for (const item of Array.isArray(resolved) ? resolved : [value]) {
        const adopted = copier.adopt(item);
        if (adopted !== null) list.push(adopted);
      }
    }
  }

  #rootDict(): PdfDict {
    const { writer, sources } = this.#context;
    const nextKey = sources[0]?.copier.structParents.next;
    return PdfDict.of({
      Type: new PdfName('StructTreeRoot'),
      K: this.#kids,
      ParentTree: new WrittenRef(writeNumberTree(writer, this.#parentTree())),
      ParentTreeNextKey: nextKey,
      IDTree: this.#ids.size > 0 ? new WrittenRef(writeNameTree(writer, this.#ids)) : undefined,
      RoleMap: this.#roles.result,
      ClassMap: this.#classes.result,
      ...Object.fromEntries(this.#lists),
    });
  }

  /** 14.7.5.4: the entries of objects that were copied. */
  #parentTree(): Map<number, PdfObject> {
    const entries = new Map<number, PdfObject>();
    for (const { source, root, pruned } of this.#trees.values()) {
      for (const [key, value] of readNumberTree(source.file, root.get('ParentTree'))) {
        const to = source.copier.structParents.find(key);
        const parents = to === undefined ? null : this.#parents(source, value, pruned);
        if (to !== undefined && parents !== null) entries.set(to, parents);
      }
    }
    return entries;
  }

  /** The element that an object belongs to, or the elements of marked content by its number in the stream. */
  #parents({ file, copier }: Source, value: PdfObject, pruned: PrunedTree | undefined): PdfObject {
    const isKept = (item: PdfObject): boolean => item instanceof PdfRef && (pruned?.kept.has(item.num) ?? true);
    const resolved = file.resolve(value);
    if (!Array.isArray(resolved)) return isKept(value) ? copier.adopt(value) : null;
    const kept = resolved.map((item) => (isKept(item) ? item : null));
    return kept.some((item) => item !== null) ? copier.adopt(kept) : null;
  }
}

function rootOf(file: PdfFile): PdfDict | undefined {
  const root = file.catalogEntry('StructTreeRoot');
  return root instanceof PdfDict ? root : undefined;
}

/** The identifiers of elements that stay, under their new names. */
function readIds(
  { file }: Source,
  root: PdfDict,
  pruned: PrunedTree | undefined,
  newId: (id: string) => string,
): Map<string, PdfRef> {
  const ids = new Map<string, PdfRef>();
  for (const [id, element] of readNameTree(file, root.get('IDTree'))) {
    if (element instanceof PdfRef && (pruned?.kept.has(element.num) ?? true)) ids.set(newId(id), element);
  }
  return ids;
}

/** A name as people read it (7.3.5). */
function utf8(name: string): string {
  return Buffer.from(name, 'latin1').toString('utf8');
}
