import {
  NULL_TARGET,
  PdfDict,
  PdfName,
  PdfRef,
  TargetRef,
  serialize,
  writeNameTree,
  writeNumberTree,
} from '@pdf-tools/pdf';
import type { PdfArray, PdfObject, TargetObjectNumber } from '@pdf-tools/pdf';
import type { FeatureContext } from '../features.js';
import { PageReferences } from '../page-references.js';
import { PerDocument } from '../per-document.js';
import type { Feature, Source } from '../source.js';
import { ClassMaps } from './attribute-classes.js';
import { ElementIds } from './element-ids.js';
import { markInfoOf } from './mark-info.js';
import { kidsOf } from './structure-element.js';
import { pruneTree } from './structure-pruning.js';
import type { PrunedTree } from './structure-pruning.js';
import { StructureRewriter } from './structure-rewriter.js';
import { StructureRoot } from './structure-root.js';
import { RoleMaps } from './structure-types.js';
import { languageOf, placeTopElements } from './top-elements.js';

/** The structure tree of a source that is being merged. */
interface SourceTree {
  readonly source: Source;
  readonly root: StructureRoot;
  /** The top elements, each once. */
  readonly kids: PdfArray;
  /** Undefined if all elements are kept. */
  readonly pruned: PrunedTree | undefined;
  readonly addedClasses: ReadonlyMap<string, PdfObject>;
  /** The kept entries of its /IDTree, by identifier in the result. */
  readonly ids: ReadonlyMap<string, PdfObject>;
}

/** New names of a document's types and classes, and the classes that it adds. */
interface Names {
  readonly types: ReadonlyMap<string, string>;
  readonly classes: ReadonlyMap<string, string>;
  readonly added: ReadonlyMap<string, PdfObject>;
}

/** Lists of the root that are concatenated in the order of the sources. */
const LISTS = ['Namespaces', 'PronunciationLexicon', 'AF'] as const;

/**
 * Merges the structure trees (ISO 32000-2, 14.7) of all sources under one root. Drops elements whose content is only on
 * pages that are not taken. Renames identifiers, types and classes that have another meaning in another source.
 */
export class StructureTreeFeature implements Feature {
  readonly #context: FeatureContext;
  readonly #tagged: ReadonlySet<Source>;
  readonly #read = new PerDocument(({ file }) => StructureRoot.of(file));
  readonly #names = new PerDocument((source) => this.#nameOf(source));
  readonly #annotations = new PageReferences('Annots');
  readonly #trees = new Map<Source, SourceTree>();
  readonly #roles: RoleMaps;
  readonly #classes = new ClassMaps();
  readonly #idNames: ElementIds;
  readonly #ids = new Map<string, PdfObject>();
  readonly #kids: PdfArray = [];
  readonly #lists = new Map<string, PdfArray>();
  /** The serialized items of these lists. */
  readonly #listed = new Set<string>();
  /** Number of the root in the target. */
  readonly #root: TargetObjectNumber;
  /** Whether the documents have different languages. */
  readonly #keepsLanguages: boolean;

  constructor(context: FeatureContext) {
    this.#context = context;
    const files = new Set(context.sources.map(({ file }) => file));
    this.#idNames = new ElementIds(context.report);
    this.#keepsLanguages = new Set(Array.from(files, languageOf)).size > 1;
    const tagged = new Set([...files].filter((file) => StructureRoot.of(file)));
    this.#tagged = new Set(context.sources.filter(({ file }) => tagged.has(file)));
    this.#roles = new RoleMaps(this.#tagged.size > 1);
    this.#root = this.#tagged.size > 0 ? context.writer.allocate() : NULL_TARGET;
  }

  prepare(source: Source): void {
    const root = this.#read.of(source);
    if (!root) return;
    const reference = source.file.catalog.get('StructTreeRoot');
    if (reference instanceof PdfRef) source.copier.place(reference.num, this.#root);
    const pruned = source.isWhole ? undefined : this.#prune(source, root);
    if (!source.isWhole && !pruned) {
      this.#context.report.lost(source, 'tags: there are too many to take some of them');
      return;
    }
    const kids = pruned?.kids ?? kidsOf(source.file, root.dict);
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
    return { MarkInfo, StructTreeRoot: new TargetRef(this.#root) };
  }

  #prune(source: Source, root: StructureRoot): PrunedTree | undefined {
    const pruned = root.index && pruneTree(source, root.index, this.#annotations.of(source));
    if (pruned) source.copier.drop((num) => pruned.dropped.has(num));
    return pruned;
  }

  /** Assigns names to the types and classes of a source's document. */
  #nameOf(source: Source): Names {
    const dict = this.#read.of(source)?.dict;
    const types = this.#roles.add(source.file, dict?.get('RoleMap'));
    const { renamed: classes, added } = this.#classes.name(source, dict?.get('ClassMap'));
    this.#report(source, 'structure types', types);
    this.#report(source, 'attribute classes', classes);
    return { types, classes, added };
  }

  /** Renames what conflicts in a source's tree and prepares its elements for copying. */
  #take(source: Source, root: StructureRoot, kids: PdfArray, pruned: PrunedTree | undefined): void {
    const { file, copier, isRepeated } = source;
    const { types, classes, added } = this.#names.of(source);
    const newId = this.#idNames.of(source);
    const ids = new Map(Array.from(idsKept(root, pruned), ([id, element]) => [newId(id), element]));
    for (const id of ids.keys()) source.spend(id.length);
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
    this.#trees.set(source, { source, root, kids: top, pruned, addedClasses: isRepeated ? new Map() : added, ids });
  }

  #report(source: Source, kind: string, renamed: Iterable<readonly [from: string, to: string]>): void {
    for (const [from, to] of renamed) this.#context.report.renamed(source, kind, utf8(from), utf8(to));
  }

  /** Lists of a repeated document were added already, except for its namespaces. */
  #collectLists({ source, root }: SourceTree): void {
    const { file, copier, isRepeated } = source;
    for (const key of LISTS) {
      const value = root.dict.get(key) ?? null;
      const resolved = file.resolve(value);
      if (resolved === null || (isRepeated && key !== 'Namespaces')) continue;
      const list = this.#lists.get(key) ?? [];
      this.#lists.set(key, list);
      for (const item of Array.isArray(resolved) ? resolved : [value]) {
        const adopted = copier.adopt(item);
        // Repetitions share objects that do not depend on a page.
        if (adopted !== null && !this.#isListed(key, adopted)) list.push(adopted);
      }
    }
  }

  #isListed(key: string, item: PdfObject): boolean {
    const text = `${key} ${serialize(item)}`;
    const isListed = this.#listed.has(text);
    this.#listed.add(text);
    return isListed;
  }

  #rootDict(): PdfDict {
    const { writer, sources } = this.#context;
    const nextKey = sources[0]?.copier.structParents.next;
    return PdfDict.of({
      Type: new PdfName('StructTreeRoot'),
      K: this.#kids,
      ParentTree: new TargetRef(writeNumberTree(writer, this.#parentTree())),
      ParentTreeNextKey: nextKey,
      IDTree: this.#ids.size > 0 ? new TargetRef(writeNameTree(writer, this.#ids)) : undefined,
      RoleMap: this.#roles.result,
      ClassMap: this.#classes.result,
      ...Object.fromEntries(this.#lists),
    });
  }

  /** The entries of copied objects (14.7.5.4). */
  #parentTree(): Map<number, PdfObject> {
    const entries = new Map<number, PdfObject>();
    for (const { source, root, pruned } of this.#trees.values()) {
      for (const [key, to] of source.copier.structParents.renewed()) {
        const parents = this.#parents(source, root.parents.get(key) ?? null, pruned);
        if (parents !== null) entries.set(to, parents);
      }
    }
    return entries;
  }

  /** The element of an object, or the elements of a page's marked content by MCID. */
  #parents({ file, copier }: Source, value: PdfObject, pruned: PrunedTree | undefined): PdfObject {
    const isKept = (item: PdfObject): boolean => item instanceof PdfRef && (pruned?.kept.has(item.num) ?? true);
    const resolved = file.resolve(value);
    if (!Array.isArray(resolved)) return isKept(value) ? copier.adopt(value) : null;
    const kept = resolved.map((item) => (isKept(item) ? item : null));
    return kept.some((item) => item !== null) ? copier.adopt(kept) : null;
  }
}

/** The entries of the identifier tree whose elements are kept. */
function* idsKept(root: StructureRoot, pruned: PrunedTree | undefined): Generator<readonly [string, PdfRef]> {
  if (!pruned) yield* root.ids;
  else for (const num of pruned.kept) for (const id of root.idsOf(num)) yield [id, new PdfRef(num, 0)];
}

/** Decodes a name for display (7.3.5). */
function utf8(name: string): string {
  return Buffer.from(name, 'latin1').toString('utf8');
}
