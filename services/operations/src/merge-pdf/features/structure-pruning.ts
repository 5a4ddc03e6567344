import { pageDict } from '../../pdf/document/page-tree.js';
import type { PdfFile } from '../../pdf/file/pdf-file.js';
import { MAX_NESTING, MAX_TREE_NODES } from '../../pdf/limits.js';
import { PdfDict, PdfRef, PdfString } from '../../pdf/syntax/objects.js';
import type { PdfArray, PdfObject } from '../../pdf/syntax/objects.js';
import type { Source } from '../source.js';
import { kidsOf, kindOf } from './structure-element.js';

/** What is left of a structure tree of whose pages only some are taken. */
export interface PrunedTree {
  /** The kids of its root. */
  readonly kids: PdfArray;
  /** Numbers of the elements that stay and of those that go. */
  readonly kept: ReadonlySet<number>;
  readonly dropped: ReadonlySet<number>;
  /** Identifiers of elements that go, as Latin-1 text. */
  readonly droppedIds: ReadonlySet<string>;
}

/** An element with content stays, one whose content is on other pages goes; an empty one stays with its parent. */
type Fate = 'stays' | 'goes' | 'empty';

interface Element {
  readonly num: number | undefined;
  readonly id: string | undefined;
  /** Index of its parent. */
  readonly above: number;
  fate: Fate;
}

/** An element whose kids are being looked at. */
interface Level {
  readonly element: Element;
  readonly index: number;
  readonly kid: PdfObject;
  readonly dict: PdfDict;
  /** Number of the page that its content is on where the content itself names none. */
  readonly page: number | undefined;
  readonly kids: PdfArray;
  next: number;
  readonly remaining: PdfArray;
  hasContent: boolean;
  lostContent: boolean;
  changed: boolean;
}

/**
 * Takes from the structure tree of a source (ISO 32000-2, 14.7.2) all content on pages that are not taken, and the
 * elements that have no other: what stays is copied without them. Undefined for a tree of more nodes or levels than any has.
 */
export function pruneTree(source: Source, root: PdfDict): PrunedTree | undefined {
  return new Pruning(source).run(root);
}

class Pruning {
  readonly #source: Source;
  readonly #file: PdfFile;
  readonly #pages: ReadonlySet<number>;
  readonly #elements: Element[] = [];
  readonly #seen = new Set<number>();
  readonly #levels: Level[] = [];
  #annotations: ReadonlySet<number> | undefined;

  constructor(source: Source) {
    this.#source = source;
    this.#file = source.file;
    this.#pages = new Set(source.pages.flatMap(({ entry }) => entry.num ?? []));
  }

  run(root: PdfDict): PrunedTree | undefined {
    this.#isNew(this.#file.catalog.get('StructTreeRoot'));
    const top = this.#enter(null, root, undefined, -1);
    let visits = 0;
    for (let level = this.#levels.at(-1); level; level = this.#levels.at(-1)) {
      const kid = level.kids[level.next];
      level.next += 1;
      visits += 1;
      if (visits > MAX_TREE_NODES || this.#levels.length > MAX_NESTING) return undefined;
      if (kid === undefined) this.#leave();
      else this.#look(level, kid);
    }
    return this.#result(top);
  }

  #enter(kid: PdfObject, dict: PdfDict, inherited: number | undefined, above: number): Level {
    const num = kid instanceof PdfRef ? kid.num : undefined;
    const [id, page] = [this.#file.resolve(dict.get('ID')), dict.get('Pg')];
    const element: Element = {
      num,
      id: id instanceof PdfString ? id.bytes.toString('latin1') : undefined,
      above,
      fate: 'empty',
    };
    const level: Level = {
      element,
      index: this.#elements.push(element) - 1,
      kid,
      dict,
      page: page instanceof PdfRef ? page.num : inherited,
      kids: this.#kidsOf(dict),
      next: 0,
      remaining: [],
      hasContent: false,
      lostContent: false,
      changed: false,
    };
    this.#levels.push(level);
    return level;
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

  #look(level: Level, kid: PdfObject): void {
    const value = this.#isNew(kid) ? this.#file.resolve(kid) : null;
    const kind = kindOf(value);
    if (kind === 'element' && value instanceof PdfDict) this.#enter(kid, value, level.page, level.index);
    else if (kind === undefined) level.changed = true;
    else this.#lookAtContent(level, kid, value);
  }

  #lookAtContent(level: Level, kid: PdfObject, value: PdfObject): void {
    const named = value instanceof PdfDict ? value.get('Pg') : undefined;
    const page = named instanceof PdfRef ? named.num : level.page;
    if (!this.#isTaken(value, page)) {
      level.lostContent = true;
      level.changed = true;
      return;
    }
    level.hasContent = true;
    const strayed = value instanceof PdfDict && named instanceof PdfRef && !this.#pages.has(named.num);
    level.remaining.push(strayed ? without(value, 'Pg') : kid);
    if (strayed) level.changed = true;
  }

  /** An annotation is where the page has it, whatever the reference to it says of its page. */
  #isTaken(content: PdfObject, page: number | undefined): boolean {
    const onPage = page !== undefined && this.#pages.has(page);
    if (kindOf(content) !== 'object' || !(content instanceof PdfDict)) return onPage;
    const reference = content.get('Obj');
    if (reference instanceof PdfRef && this.#annotationsTaken().has(reference.num)) return true;
    const object = this.#file.resolve(reference);
    const isAnnotation = object instanceof PdfDict && object.has('Subtype');
    return onPage && object !== null && !isAnnotation;
  }

  #annotationsTaken(): ReadonlySet<number> {
    this.#annotations ??= new Set(
      this.#source.pages.flatMap(({ entry }) => {
        const annotations = this.#file.resolve(pageDict(this.#file, entry).get('Annots'));
        return Array.isArray(annotations)
          ? annotations.flatMap((item) => (item instanceof PdfRef ? item.num : []))
          : [];
      }),
    );
    return this.#annotations;
  }

  #leave(): void {
    const level = this.#levels.pop();
    if (!level) return;
    const { element, page, hasContent, lostContent } = level;
    const onOtherPage = page !== undefined && !this.#pages.has(page);
    if (hasContent) element.fate = 'stays';
    else if (lostContent || onOtherPage) element.fate = 'goes';
    const above = this.#levels.at(-1);
    if (!above) return;
    if (element.fate === 'goes') {
      above.lostContent = true;
      above.changed = true;
      return;
    }
    above.hasContent ||= hasContent;
    above.remaining.push(this.#remains(level, above));
  }

  /** What stands for an element that stays in the /K above it. */
  #remains(level: Level, above: Level): PdfObject {
    const { dict, kid, remaining, element } = level;
    const page = dict.get('Pg');
    const strayed = page instanceof PdfRef && !this.#pages.has(page.num);
    if (!level.changed && !strayed) return kid;
    const changed = strayed ? without(dict, 'Pg') : new PdfDict(dict);
    if (remaining.length > 0) changed.set('K', remaining);
    else changed.delete('K');
    if (element.num === undefined) {
      above.changed = true;
      return changed;
    }
    this.#source.copier.override(element.num, changed);
    return kid;
  }

  #result({ hasContent, remaining }: Level): PrunedTree {
    const [kept, dropped] = [new Set<number>(), new Set<number>()];
    const [keptIds, droppedIds] = [new Set<string>(), new Set<string>()];
    const stays: boolean[] = [];
    // Parents come before their kids: an empty element goes with its parent.
    for (const { num, id, above, fate } of this.#elements) {
      const here = fate !== 'goes' && (above < 0 ? hasContent : stays[above] === true);
      stays.push(here);
      if (num !== undefined) (here ? kept : dropped).add(num);
      if (id !== undefined) (here ? keptIds : droppedIds).add(id);
    }
    for (const num of dropped) this.#source.copier.place(num, 0);
    for (const id of keptIds) droppedIds.delete(id);
    return { kids: hasContent ? remaining : [], kept, dropped, droppedIds };
  }
}

function without(dict: PdfDict, key: string): PdfDict {
  const rest = new PdfDict(dict);
  rest.delete(key);
  return rest;
}
