import { PdfDict, PdfRef, serialize } from '@pdf-tools/pdf';
import type { PdfArray, PdfObject } from '@pdf-tools/pdf';
import type { FeatureContext } from '../features.js';
import type { MergeReport } from '../merge-report.js';
import { PerDocument } from '../per-document.js';
import { pageKey } from '../source.js';
import type { Feature, Source } from '../source.js';
import { FreeNames, UniqueNames, checkNames, displayName } from '../unique-name.js';
import { DestinationRewriter } from './destination-rewriter.js';
import { explicitDestination, pageOfDestination, placedDestination, readDestinationNames } from './destination.js';
import type { DestinationKind, DestinationLookup, DestinationNames } from './destination.js';
import type { NameTrees } from './name-trees.js';

/** Maps names of a source to names of the result. Null means that the destination is not taken. */
type Renamed = Map<string, string | null>;

/** A structure destination (ISO 32000-2, 12.3.2.3). It is copied after the pages. */
interface StructureDestination {
  readonly named: PdfDict;
  readonly value: PdfArray;
}

/**
 * Merges named destinations (12.3.2.4): strings of the name tree and names of the catalog's /Dests. A taken name is
 * replaced, and references follow. Readers look in both places, so a name is taken if either has it. Destinations on
 * pages that are not taken are dropped with their links. For repeated pages only destinations that these pages refer to
 * are repeated.
 */
export class DestinationsFeature implements Feature {
  readonly #report: MergeReport;
  readonly #trees: NameTrees;
  readonly #read = new PerDocument(({ file }) => readDestinationNames(file));
  readonly #taken: Readonly<Record<DestinationKind, PdfDict>> = { string: new PdfDict(), name: new PdfDict() };
  readonly #free = new FreeNames();
  /** Serialized explicit destinations, by string name in the result. */
  readonly #strings = new Map<string, string>();
  /** The names of each document whose pages are repeated, by its first source. */
  readonly #firstNames = new Map<Source, DestinationNames<string | null>>();
  #structure: StructureDestination[] = [];

  constructor({ report }: FeatureContext, trees: NameTrees) {
    this.#report = report;
    this.#trees = trees;
  }

  prepare(source: Source): void {
    const { first, copier } = source;
    const names = first ? this.#namesAgain(source, first) : this.#namesOf(source);
    copier.rewriteWith(new DestinationRewriter(source, names));
  }

  collect({ copier }: Source): void {
    for (const { named, value } of this.#structure) {
      const [element] = value;
      if (element instanceof PdfRef && copier.copy(element.num) > 0) named.set('SD', copier.adopt(value));
    }
    this.#structure = [];
  }

  finish(): Readonly<Record<string, PdfObject | undefined>> {
    const { string, name } = this.#taken;
    this.#trees.set('Dests', new UniqueNames(string));
    return { Dests: name.size > 0 ? name : undefined };
  }

  /** Returns the names of a document's destinations in the result. */
  #namesOf(source: Source): DestinationNames<string | null> {
    const found = this.#read.of(source);
    const string = this.#take(source, found.string, (name, destination) => {
      const to = this.#place('string', name, this.#valueOf(source, found.string.get(name), destination));
      this.#strings.set(to, serialize(destination));
      return to;
    });
    const name = this.#take(source, found.name, (own, destination) => {
      const value = this.#valueOf(source, found.name.get(own), destination);
      const stringName = string.get(own) ?? '';
      const isSame = this.#strings.get(stringName) === serialize(destination) && !this.#taken.name.has(stringName);
      if (!isSame) return this.#place('name', own, value);
      this.#taken.name.set(stringName, value);
      return stringName;
    });
    const names = { string, name };
    if (source.copier.shared) this.#firstNames.set(source, names);
    return names;
  }

  /** Returns the names for repeated pages. A destination is repeated when these pages refer to it. */
  #namesAgain(source: Source, first: Source): DestinationLookup<string | null> {
    const lookup = (kind: DestinationKind): { get(name: string): string | null | undefined } => {
      const names = new Map<string, string | null | undefined>();
      return {
        get: (name) => {
          if (!names.has(name)) names.set(name, this.#again(source, first, kind, name));
          return names.get(name);
        },
      };
    };
    return { string: lookup('string'), name: lookup('name') };
  }

  #again(source: Source, first: Source, kind: DestinationKind, name: string): string | null | undefined {
    const value = this.#read.of(source)[kind].get(name);
    const destination = explicitDestination(source.file, value);
    const page = destination && pageOfDestination(source, destination);
    const placed = page && source.ownPage(pageKey(page)) === page ? placedDestination(source, value) : undefined;
    if (!placed) return this.#firstNames.get(first)?.[kind].get(name);
    source.spend(name.length);
    const to = this.#place(kind, name, placed);
    this.#report.renamed(source, 'destinations', displayName(name), displayName(to));
    return to;
  }

  /** Adds the destinations whose pages are taken. `place` returns the name in the result. */
  #take(
    source: Source,
    found: ReadonlyMap<string, PdfObject>,
    place: (name: string, destination: PdfArray) => string,
  ): Renamed {
    const renamed: Renamed = new Map();
    for (const [name, value] of found) {
      const destination = placedDestination(source, value);
      const to = destination ? place(name, destination) : null;
      renamed.set(name, to);
      if (to !== null && to !== name) this.#report.renamed(source, 'destinations', displayName(name), displayName(to));
    }
    return renamed;
  }

  /** Adds a destination under its name or, if that is taken, under another. Returns the name. */
  #place(kind: DestinationKind, name: string, value: PdfObject): string {
    const { string, name: plain } = this.#taken;
    const isTaken = (candidate: string): boolean => string.has(candidate) || plain.has(candidate);
    const to = isTaken(name) ? this.#free.after(name, isTaken) : name;
    this.#taken[kind].set(to, value);
    checkNames(this.#taken[kind].size);
    return to;
  }

  /** The array of a destination, or a dictionary if it also has a structure destination. */
  #valueOf({ file }: Source, value: PdfObject | undefined, destination: PdfArray): PdfObject {
    const dict = file.resolve(value);
    const structure = dict instanceof PdfDict ? file.resolve(dict.get('SD')) : null;
    if (!Array.isArray(structure)) return destination;
    const named = PdfDict.of({ D: destination });
    this.#structure.push({ named, value: structure });
    return named;
  }
}
