import { PdfDict, PdfString, TargetRef, dropClaims, infoWithoutClaims, serialize, textOf } from '@pdf-tools/pdf';
import type { PdfArray, PdfFile, PdfObject } from '@pdf-tools/pdf';
import type { FeatureContext } from '../features.js';
import type { MergeReport } from '../merge-report.js';
import type { Feature, Source } from '../source.js';
import { placedDestination } from './destination.js';
import { outputIntentKey } from './output-intents.js';

/**
 * Catalog entries (ISO 32000-2, table 29) that a document can have once. The first file's is used and others are
 * reported.
 */
const FIRST: Readonly<Record<string, string>> = {
  Lang: 'language',
  Metadata: 'metadata',
  ViewerPreferences: 'viewer preferences',
  PageMode: 'page mode',
  PageLayout: 'page layout',
  OpenAction: 'open action',
  AA: 'document actions',
  URI: 'base address of links',
  Collection: 'portfolio',
  SpiderInfo: 'web capture information',
  Legal: 'legal attestation',
};

/** Arrays that are concatenated. */
const LISTS = ['AF', 'OutputIntents', 'Requirements'];

/** Entries that depend on the exact file or on its writer. */
const GONE: Readonly<Record<string, string>> = {
  Perms: 'permissions of signatures',
  DSS: 'validation data of signatures',
  PieceInfo: 'private data of its writer',
};

/** Merges the remaining catalog entries and the document information. */
export class CatalogEntriesFeature implements Feature {
  readonly #report: MergeReport;
  readonly #context: FeatureContext;
  readonly #entries = new Map<string, PdfObject>();
  readonly #lists = new Map<string, PdfArray>();
  /** The serialized items of all lists. */
  readonly #listed = new Set<string>();
  readonly #outputIntents = new Set<string>();
  readonly #extensions = new PdfDict();
  #info: PdfObject | undefined;

  constructor(context: FeatureContext) {
    this.#context = context;
    this.#report = context.report;
  }

  prepare(source: Source): void {
    const { dropped, notes } = this.#context.claims;
    for (const note of notes.get(source.index) ?? []) this.#report.note(source, note);
    const isFirst = source === this.#context.sources[0];
    if (isFirst && dropped.length > 0) dropClaims(source.file, source.copier, dropped);
  }

  collect(source: Source): void {
    if (source.isRepeated) return;
    const { catalog } = source.file;
    const isFirst = source === this.#context.sources[0];
    for (const [key, label] of Object.entries(FIRST)) {
      if (!catalog.has(key)) continue;
      if (isFirst) this.#take(source, key, label);
      else if (!this.#hasSame(source, key)) this.#report.lost(source, label);
    }
    for (const key of LISTS) this.#addAll(source, key);
    for (const [key, label] of Object.entries(GONE)) if (catalog.has(key)) this.#report.lost(source, label);
    this.#addExtensions(source);
    this.#takeInfo(source, isFirst);
  }

  finish(): Readonly<Record<string, PdfObject | undefined>> {
    return {
      ...Object.fromEntries(this.#entries),
      ...Object.fromEntries(this.#lists),
      Extensions: this.#extensions.size > 0 ? this.#extensions : undefined,
      Info: this.#info,
    };
  }

  #take(source: Source, key: string, label: string): void {
    const value = source.file.catalogEntry(key);
    // Readers show the attachments of a portfolio instead of its pages, but the result also has pages of other files.
    if (key === 'Collection' && this.#context.documents.size > 1) {
      this.#report.lost(source, label);
      return;
    }
    if (key !== 'OpenAction' || !Array.isArray(value)) {
      this.#entries.set(key, source.copier.adopt(source.file.catalog.get(key) ?? null));
      return;
    }
    const destination = placedDestination(source, value);
    if (destination) this.#entries.set(key, destination);
    else this.#report.lost(source, label);
  }

  /** Whether the result already has an equal entry. Compares only direct values. */
  #hasSame({ file }: Source, key: string): boolean {
    const [kept, other] = [this.#entries.get(key), file.catalogEntry(key)];
    if (kept instanceof PdfString && other instanceof PdfString) return textOf(kept) === textOf(other);
    return JSON.stringify(kept) === JSON.stringify(other) && !(kept instanceof TargetRef);
  }

  #addAll({ file, copier }: Source, key: string): void {
    const items = file.catalogEntry(key);
    if (!Array.isArray(items)) return;
    const list = this.#lists.get(key) ?? [];
    for (const item of items) {
      if (key === 'OutputIntents' && this.#isKnownIntent(file, item)) continue;
      const adopted = copier.adopt(item);
      const text = `${key} ${serialize(adopted)}`;
      if (adopted !== null && !this.#listed.has(text)) list.push(adopted);
      this.#listed.add(text);
    }
    if (list.length > 0) this.#lists.set(key, list);
  }

  #isKnownIntent(file: PdfFile, intent: PdfObject): boolean {
    const key = outputIntentKey(file, intent);
    const isKnown = this.#outputIntents.has(key);
    this.#outputIntents.add(key);
    return isKnown;
  }

  /** Uses the first extension of each prefix (7.12). */
  #addExtensions({ file, copier }: Source): void {
    const extensions = file.catalogEntry('Extensions');
    if (!(extensions instanceof PdfDict)) return;
    for (const [prefix, value] of extensions) {
      if (prefix !== 'Type' && !this.#extensions.has(prefix)) this.#extensions.set(prefix, copier.adopt(value));
    }
  }

  #takeInfo(source: Source, isFirst: boolean): void {
    const info = source.file.resolve(source.file.trailer.get('Info'));
    if (!(info instanceof PdfDict) || info.size === 0) return;
    // PDF/A-4 allows document information only beside /PieceInfo, which a merge does not keep (ISO 19005-4, 6.1.3).
    if (isFirst && this.#context.claims.pdfaPart === 4) return;
    if (isFirst) this.#info = source.copier.adopt(infoWithoutClaims(info));
    else if (info.has('Title') || info.has('Author')) this.#report.lost(source, 'document information');
  }
}
