import type { Facts } from '../facts/facts.js';
import { DISAGREEMENTS, tagsUnseen } from '../second-reader.js';
import type { Seen } from '../second-reader.js';
import type { Source } from '../source.js';
import { attachmentsMissing } from './attachments.js';
import { destinationsMissing } from './destinations.js';
import { documentMissing } from './document.js';
import { fieldsMissing } from './fields.js';
import { labelsMissing } from './labels.js';
import { layersMissing } from './layers.js';
import { outlinesMissing } from './outlines.js';
import { pagesMissing } from './pages.js';
import { tagsMissing } from './tags.js';

interface Found {
  readonly facts: Facts;
  readonly seen: Seen;
}

type Check = (sources: readonly (Source & { readonly seen: Seen })[], found: Found) => string[];

/** What is missing or wrong in a result, by kind. Empty if both readers find everything. */
export const COLUMNS = {
  outlines: (sources, { facts, seen }) => [...outlinesMissing(sources, facts), ...DISAGREEMENTS.outlines(facts, seen)],
  'form fields': (sources, { facts, seen }) => [...fieldsMissing(sources, facts), ...DISAGREEMENTS.fields(facts, seen)],
  'named destinations': (sources, { facts, seen }) => [
    ...destinationsMissing(sources, facts),
    ...DISAGREEMENTS.destinations(facts, seen),
  ],
  'page labels': (sources, { facts, seen }) => [...labelsMissing(sources, facts), ...DISAGREEMENTS.labels(facts, seen)],
  attachments: (sources, { facts, seen }) => [
    ...attachmentsMissing(sources, facts),
    ...DISAGREEMENTS.attachments(facts, seen),
  ],
  tags: (sources, { facts, seen }) => [...tagsMissing(sources, facts), ...tagsUnseen(sources, seen)],
  layers: (sources, { facts, seen }) => [...layersMissing(sources, facts), ...DISAGREEMENTS.layers(facts, seen)],
  'the document': (sources, { facts }) => documentMissing(sources, facts),
  pages: (sources, { facts }) => pagesMissing(sources, facts),
} satisfies Record<string, Check>;

export type Column = keyof typeof COLUMNS;
