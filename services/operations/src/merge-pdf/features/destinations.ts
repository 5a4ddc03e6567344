import type { Rewriter } from '../../pdf/copying/copier.js';
import { readNameTree } from '../../pdf/document/name-tree.js';
import { PdfDict, PdfName, PdfString, isName } from '../../pdf/syntax/objects.js';
import type { PdfArray, PdfObject } from '../../pdf/syntax/objects.js';
import type { FeatureContext } from '../features.js';
import type { MergeReport } from '../merge-report.js';
import type { Feature, Source } from '../source.js';
import { nameForPeople, uniqueName } from '../unique-name.js';
import {
  destinationName,
  explicitDestination,
  goToAction,
  pageOfDestination,
  placedDestination,
} from './destination.js';
import type { NameTrees } from './name-trees.js';

type Names = Map<string, string>;

/**
 * Named destinations (ISO 32000-2, 12.3.2.4) of both styles: strings in the name tree, names in the catalog's /Dests. One
 * whose name is taken gets another, and what refers to it follows; one on a page that is not taken goes, and links to it.
 */
export class DestinationsFeature implements Feature {
  readonly #report: MergeReport;
  readonly #trees: NameTrees;
  readonly #strings = new Map<string, PdfObject>();
  readonly #names = new Map<string, PdfObject>();

  constructor({ report }: FeatureContext, trees: NameTrees) {
    this.#report = report;
    this.#trees = trees;
  }

  prepare(source: Source): void {
    const { file, copier } = source;
    const names = file.catalogEntry('Names');
    const tree = readNameTree(file, names instanceof PdfDict ? names.get('Dests') : null);
    const old = file.catalogEntry('Dests');
    const strings = this.#take(source, tree, this.#strings);
    const plain = this.#take(source, old instanceof PdfDict ? old : [], this.#names);
    const renamed = [...strings, ...plain].some(([name, to]) => name !== to);
    if (renamed || !source.isWhole) copier.rewriteWith(new DestinationRewriter(source, strings, plain));
  }

  finish(): Readonly<Record<string, PdfObject | undefined>> {
    this.#trees.set('Dests', this.#strings);
    return { Dests: this.#names.size > 0 ? new PdfDict(this.#names) : undefined };
  }

  /** Takes over the destinations whose pages are taken; returns their new names. */
  #take(source: Source, found: Iterable<readonly [string, PdfObject]>, taken: Map<string, PdfObject>): Names {
    const renamed: Names = new Map();
    for (const [name, value] of found) {
      const destination = placedDestination(source, value);
      if (!destination) continue;
      const to = taken.has(name) ? uniqueName(name, (candidate) => taken.has(candidate)) : name;
      taken.set(to, destination);
      renamed.set(name, to);
      if (to !== name) this.#report.renamed(source, 'destinations', nameForPeople(name), nameForPeople(to));
    }
    return renamed;
  }
}

/** Lets links, outline items and actions of a source follow its destinations. */
class DestinationRewriter implements Rewriter {
  readonly markers = ['/Dest', '/GoTo', '/Link'];
  readonly #source: Source;
  readonly #strings: Names;
  readonly #plain: Names;

  constructor(source: Source, strings: Names, plain: Names) {
    this.#source = source;
    this.#strings = strings;
    this.#plain = plain;
  }

  rewrite(dict: PdfDict): void {
    const { file } = this.#source;
    if (dict.has('Dest')) this.#follow(dict, 'Dest');
    if (isName(file.resolve(dict.get('S')), 'GoTo')) this.#follow(dict, 'D');
    const action = goToAction(file, dict);
    // A link whose action goes nowhere does nothing: it is better none.
    if (action && this.#newValue(action.get('D')) === undefined) dict.delete('A');
  }

  #follow(dict: PdfDict, key: string): void {
    const value = this.#newValue(dict.get(key));
    if (value === undefined) dict.delete(key);
    else dict.set(key, value);
  }

  /** What refers to the same place in the result; undefined for a place that is not in it. */
  #newValue(value: PdfObject | undefined): PdfObject | undefined {
    const resolved = this.#source.file.resolve(value);
    const named = destinationName(resolved);
    if (!named) return this.#explicit(value ?? null, explicitDestination(this.#source.file, resolved));
    const to = (named.kind === 'name' ? this.#plain : this.#strings).get(named.name);
    if (to === undefined) return undefined;
    return named.kind === 'name' ? new PdfName(to) : PdfString.latin1(to);
  }

  #explicit(value: PdfObject, destination: PdfArray | undefined): PdfObject | undefined {
    if (!destination) return value;
    return pageOfDestination(this.#source, destination) ? value : undefined;
  }
}
