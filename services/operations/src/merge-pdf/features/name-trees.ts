import { PdfDict, TargetRef, readNameTree, writeNameTree } from '@pdf-tools/pdf';
import type { PdfObject, PdfWriter } from '@pdf-tools/pdf';
import type { FeatureContext } from '../features.js';
import type { MergeReport } from '../merge-report.js';
import type { Feature, Source } from '../source.js';
import { UniqueNames, displayName } from '../unique-name.js';

/** The trees of the catalog's /Names (ISO 32000-2, table 32) that are merged entry by entry, and what they contain. */
const TREES: Readonly<Record<string, string>> = {
  EmbeddedFiles: 'attachments',
  JavaScript: 'scripts',
  AP: 'appearances',
  Pages: 'named pages',
  Templates: 'templates',
  IDS: 'captured identifiers',
  URLS: 'captured addresses',
  AlternatePresentations: 'presentations',
  Renditions: 'renditions',
};

/** Merges the name trees of the catalog. An entry whose name is taken is renamed. */
export class NameTrees implements Feature {
  readonly #writer: PdfWriter;
  readonly #report: MergeReport;
  readonly #trees = new Map<string, UniqueNames<PdfObject>>();

  constructor({ writer, report }: FeatureContext) {
    this.#writer = writer;
    this.#report = report;
  }

  collect(source: Source): void {
    // Entries of repeated pages' documents were added already.
    if (source.isRepeated) return;
    const { file, copier } = source;
    const names = file.catalogEntry('Names');
    if (!(names instanceof PdfDict)) return;
    for (const [key, label] of Object.entries(TREES)) {
      const taken = this.#trees.get(key) ?? new UniqueNames<PdfObject>();
      for (const [name, value] of readNameTree(file, names.get(key))) {
        const adopted = copier.adopt(value);
        if (adopted === null) continue;
        const to = taken.add(name, adopted);
        if (to !== name) this.#report.renamed(source, label, displayName(name), displayName(to));
      }
      this.#trees.set(key, taken);
    }
  }

  /** Sets a tree that another feature collected. */
  set(key: string, entries: UniqueNames<PdfObject>): void {
    this.#trees.set(key, entries);
  }

  finish(): Readonly<Record<string, PdfObject | undefined>> {
    const names = new PdfDict();
    for (const [key, { entries }] of this.#trees) {
      if (entries.size > 0) names.set(key, new TargetRef(writeNameTree(this.#writer, entries)));
    }
    return { Names: names.size > 0 ? names : undefined };
  }
}
