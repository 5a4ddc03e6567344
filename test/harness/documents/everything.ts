import { PDFContext, PDFHexString, PDFWriter } from 'pdf-lib';
import { addAttachments } from './everything/attachments.js';
import { addArticles } from './everything/articles.js';
import { addCatalogEntries } from './everything/catalog-entries.js';
import { addDestinations } from './everything/destinations.js';
import { createDraft } from './everything/draft.js';
import { addFields } from './everything/fields.js';
import { addLayers } from './everything/layers.js';
import { addOutline } from './everything/outline.js';
import { addPages } from './everything/pages.js';
import { addStructure } from './everything/structure.js';

export interface EverythingOptions {
  /** Stands in every text, and in the second of each pair of names: two documents collide on the first of each. */
  readonly label: string;
  /** At least 4, and 4 where it is not given. */
  readonly pages?: number;
  /** Gives the role `Callout`, the class `Spaced` and the form's font `Txt` another meaning under the same name. */
  readonly otherMeanings?: boolean;
}

/**
 * A document that uses every feature which reaches beyond one page, each at least twice; the same bytes for the same
 * options. Page n says "LABEL page n". For tests of what survives an operation.
 */
export async function everything({ label, pages = 4, otherMeanings = false }: EverythingOptions): Promise<Buffer> {
  if (pages < 4) throw new RangeError('everything() needs four pages');
  const draft = createDraft(PDFContext.create(), { label, pages, otherMeanings });
  const layers = addLayers(draft);
  const forms = addPages(draft, layers);
  const links = addDestinations(draft);
  addOutline(draft);
  addFields(draft);
  addAttachments(draft);
  addStructure(draft, { forms, links });
  addArticles(draft);
  addCatalogEntries(draft);
  const { context, catalog, names } = draft;
  catalog.set('Names', context.obj(names));
  context.trailerInfo.Root = context.register(catalog.dict);
  const id = PDFHexString.of(Buffer.from(label.padEnd(16, '-')).subarray(0, 16).toString('hex'));
  context.trailerInfo.ID = context.obj([id, id]);
  return Buffer.from(await PDFWriter.forContext(context, 1_000).serializeToBuffer());
}
