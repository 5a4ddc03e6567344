import { setImmediate } from 'node:timers/promises';
import { withFileName } from '../input-error.js';
import type { JsonObject } from '../operation.js';
import { PageTreeWriter, PdfDict, PdfName, TargetRef } from '@pdf-tools/pdf';
import type { PdfWriter, TargetObjectNumber } from '@pdf-tools/pdf';
import { planClaims } from './claims.js';
import type { ClaimPlan } from './claims.js';
import { Toc } from './toc.js';
import type { TocLine } from './toc.js';
import type { OpenDocument } from './documents.js';
import { createFeatures } from './features.js';
import { MergeReport } from './merge-report.js';
import type { MergeParams } from './options.js';
import type { MergeOutput } from './output.js';
import { blankPage, copyPages, mergedPage, pageSize, placePages } from './pages.js';
import { titleOf } from './plan.js';
import type { Part, PlannedPage } from './plan.js';
import type { Feature, Source } from './source.js';
import { gatherSources } from './sources.js';
import type { NumberedPage } from './sources.js';

/** What to merge, and how. */
export interface MergeJob {
  readonly documents: ReadonlyMap<number, OpenDocument>;
  readonly parts: readonly Part[];
  readonly pages: readonly PlannedPage[];
  readonly params: MergeParams;
  readonly output: MergeOutput;
  readonly signal: AbortSignal;
  /** Called with the number of finished pages. */
  readonly progress: (pages: number) => void;
}

/** The number of written pages, and the report about each file by its position in the request. */
export interface Merged {
  readonly pages: number;
  readonly report: (index: number) => JsonObject;
}

/** Writes the merged document. */
export async function writeMerged(job: MergeJob): Promise<Merged> {
  const claims = await planClaims(job.parts, job.documents, job.params);
  return new Merge(job, claims, job.output.writer(claims.pdfaPart)).run();
}

class Merge {
  readonly #job: MergeJob;
  readonly #claims: ClaimPlan;
  readonly #writer: PdfWriter;
  readonly #tree: PageTreeWriter;
  readonly #report = new MergeReport();
  #done = 0;

  constructor(job: MergeJob, claims: ClaimPlan, writer: PdfWriter) {
    this.#job = job;
    this.#claims = claims;
    this.#writer = writer;
    this.#tree = new PageTreeWriter(writer);
  }

  async run(): Promise<Merged> {
    const { documents, parts, params, output } = this.#job;
    const toc = params.toc ? new Toc(this.#writer, this.#tree, parts.length, this.#firstSize()) : undefined;
    const pages = this.#number(toc?.pages ?? 0);
    const sources = gatherSources(pages, parts, documents, { writer: this.#writer, deduplicator: output.deduplicator });
    const features = createFeatures({
      writer: this.#writer,
      report: this.#report,
      parts,
      pages,
      params,
      claims: this.#claims,
      sources,
      documents,
    });
    for (const source of sources) {
      await setImmediate();
      this.#job.signal.throwIfAborted();
      await withFileName(source.numbered, () => {
        this.#copy(source, features);
      });
    }
    this.#writeBlanks(pages);
    await toc?.write(this.#tocLinesOf(pages));
    this.#finish(features);
    return { pages: this.#tree.pages, report: (index) => this.#report.of(index) };
  }

  /** Assigns each page of the result its place in the page tree. */
  #number(before: number): NumberedPage[] {
    return this.#job.pages.map((page, at) => {
      const target = this.#writer.allocate();
      return { ...page, position: before + at, target, parent: this.#tree.add(target) };
    });
  }

  /** The first page of each part. */
  #tocLinesOf(pages: readonly NumberedPage[]): TocLine[] {
    const { parts, documents } = this.#job;
    const firsts = new Map(pages.toReversed().map((page) => [page.part, page]));
    return parts.flatMap((part, at) => {
      const first = firsts.get(at);
      return first ? [{ title: titleOf(part, documents), position: first.position, target: first.target }] : [];
    });
  }

  /** Displayed width and height of the first page in units of 1/72 inch. */
  #firstSize(): { width: number; height: number } {
    const [first] = this.#job.pages;
    const document = this.#job.documents.get(this.#job.parts[first?.part ?? 0]?.index ?? 0);
    const entry = document?.tree.pages[first?.page ?? 0];
    return document && entry
      ? pageSize(document.file, mergedPage(document.file, { entry, rotate: 0 }))
      : { width: 0, height: 0 };
  }

  #copy(source: Source, features: readonly Feature[]): void {
    placePages(source);
    for (const feature of features) feature.prepare?.(source);
    copyPages(source);
    for (const feature of features) feature.collect?.(source);
    if (source.file.encryption?.openedAs === 'user')
      this.#report.note(source, 'restrictions of its owner are not kept');
    for (const note of this.#job.documents.get(source.index)?.notes ?? []) this.#report.note(source, note);
    this.#noteLostPages(source);
    this.#done += source.pages.length;
    this.#job.progress(this.#done);
  }

  #noteLostPages(source: Source): void {
    const { pages, lost, announced } = source.tree;
    if (announced > pages.length)
      this.#report.note(source, `its page tree announces ${announced} pages, of which ${pages.length} were found`);
    else if (lost > 0) this.#report.note(source, `${lost} entries of its page tree lead to no page`);
  }

  #writeBlanks(pages: readonly NumberedPage[]): void {
    const { documents, parts } = this.#job;
    const lasts = new Map(pages.flatMap(({ part, page }) => (page === undefined ? [] : [[part, page]])));
    for (const { part, page, target, parent } of pages) {
      if (page !== undefined) continue;
      const document = documents.get(parts[part]?.index ?? -1);
      const entry = document?.tree.pages[lasts.get(part) ?? -1];
      if (!document || !entry) continue;
      const neighbour = mergedPage(document.file, { entry, rotate: parts[part]?.rotate ?? 0 });
      this.#writer.put(blankPage(document.file, neighbour).set('Parent', parent), target);
    }
  }

  #finish(features: readonly Feature[]): void {
    const catalog = PdfDict.of({ Type: new PdfName('Catalog'), Pages: new TargetRef(this.#tree.end()) });
    let info: TargetObjectNumber | undefined;
    for (const feature of features) {
      for (const [key, value] of Object.entries(feature.finish())) {
        if (key === 'Info' && value instanceof TargetRef) info = value.num;
        else if (value !== undefined && value !== null) catalog.set(key, value);
      }
    }
    this.#writer.end(this.#writer.put(catalog), info);
  }
}
