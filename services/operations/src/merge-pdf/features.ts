import { AcroFormFeature } from './features/acro-form.js';
import { CatalogEntriesFeature } from './features/catalog-entries.js';
import { DestinationsFeature } from './features/destinations.js';
import { LayersFeature } from './features/layers.js';
import { NameTrees } from './features/name-trees.js';
import { OutlinesFeature } from './features/outlines.js';
import { PageLabelsFeature } from './features/page-labels.js';
import { StructureTreeFeature } from './features/structure-tree.js';
import type { PdfWriter } from '@pdf-tools/pdf';
import type { ClaimPlan } from './claims.js';
import type { OpenDocument } from './documents.js';
import { ThreadsFeature } from './features/threads.js';
import type { MergeReport } from './merge-report.js';
import type { MergeParams } from './options.js';
import type { Part } from './plan.js';
import type { Feature, Source } from './source.js';
import type { NumberedPage } from './sources.js';

/** The parts of a merge that features use. */
export interface FeatureContext {
  readonly writer: PdfWriter;
  readonly report: MergeReport;
  readonly params: MergeParams;
  readonly claims: ClaimPlan;
  readonly parts: readonly Part[];
  /** All pages of the result in order. */
  readonly pages: readonly NumberedPage[];
  readonly sources: readonly Source[];
  /** The files of the request, by position. */
  readonly documents: ReadonlyMap<number, OpenDocument>;
}

/** All features in the order in which they process a source and write their entries. */
export function createFeatures(context: FeatureContext): Feature[] {
  const trees = new NameTrees(context);
  return [
    new StructureTreeFeature(context),
    new LayersFeature(context),
    new ThreadsFeature(context),
    new CatalogEntriesFeature(context),
    new AcroFormFeature(context),
    new OutlinesFeature(context),
    new PageLabelsFeature(context),
    // Outlines are written before destinations, because they may refer to destinations of repeated pages.
    new DestinationsFeature(context, trees),
    trees,
  ];
}
