import { PdfDict, PdfRef } from '../../pdf/syntax/objects.js';
import type { PdfArray, PdfObject } from '../../pdf/syntax/objects.js';
import { serialize } from '../../pdf/syntax/serializer.js';
import type { FeatureContext } from '../features.js';
import type { MergeReport } from '../merge-report.js';
import type { Feature, Source } from '../source.js';
import { nameForPeople, uniqueName } from '../unique-name.js';
import { DestinationRewriter } from './destination-rewriter.js';
import { placedDestination, readDestinationNames } from './destination.js';
import type { DestinationKind } from './destination.js';
import type { NameTrees } from './name-trees.js';

/** By the name in a source, the name in the result; null for a destination that is not taken. */
type Renamed = Map<string, string | null>;

/** A structure destination (ISO 32000-2, 12.3.2.3), which is copied after the pages. */
interface StructureDestination {
  readonly named: PdfDict;
  readonly value: PdfArray;
}

/**
 * Named destinations (12.3.2.4) of both kinds: strings in the name tree, names in the catalog's /Dests. One whose name is
 * taken gets another, and what refers to it follows; one on a page that is not taken goes, and links to it. Readers look
 * in both places, so that a name is taken if either has it.
 */
export class DestinationsFeature implements Feature {
  readonly #report: MergeReport;
  readonly #trees: NameTrees;
  readonly #taken: Readonly<Record<DestinationKind, Map<string, PdfObject>>> = { string: new Map(), name: new Map() };
  /** Explicit destinations, serialized, by the names of strings in the result. */
  readonly #strings = new Map<string, string>();
  #structure: StructureDestination[] = [];

  constructor({ report }: FeatureContext, trees: NameTrees) {
    this.#report = report;
    this.#trees = trees;
  }

  prepare(source: Source): void {
    const found = readDestinationNames(source.file);
    const string = this.#take(source, found.string, (name, destination) => {
      const to = this.#freeName(name);
      this.#strings.set(to, serialize(destination));
      this.#taken.string.set(to, this.#valueOf(source, found.string.get(name), destination));
      return to;
    });
    const name = this.#take(source, found.name, (own, destination) => {
      const twin = string.get(own) ?? '';
      const isTwin = this.#strings.get(twin) === serialize(destination) && !this.#taken.name.has(twin);
      const to = isTwin ? twin : this.#freeName(own);
      this.#taken.name.set(to, this.#valueOf(source, found.name.get(own), destination));
      return to;
    });
    source.copier.rewriteWith(new DestinationRewriter(source, { string, name }));
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
    this.#trees.set('Dests', string);
    return { Dests: name.size > 0 ? new PdfDict(name) : undefined };
  }

  /** Takes over the destinations whose pages are taken; `place` returns the name in the result. */
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
      if (to !== null && to !== name)
        this.#report.renamed(source, 'destinations', nameForPeople(name), nameForPeople(to));
    }
    return renamed;
  }

  #freeName(name: string): string {
    const isTaken = (candidate: string): boolean =>
      this.#taken.string.has(candidate) || this.#taken.name.has(candidate);
    return isTaken(name) ? uniqueName(name, isTaken) : name;
  }

  /** The array of the destination, or a dictionary if the source has a structure destination beside it. */
  #valueOf({ file }: Source, value: PdfObject | undefined, destination: PdfArray): PdfObject {
    const dict = file.resolve(value);
    const structure = dict instanceof PdfDict ? file.resolve(dict.get('SD')) : null;
    if (!Array.isArray(structure)) return destination;
    const named = PdfDict.of({ D: destination });
    this.#structure.push({ named, value: structure });
    return named;
  }
}
