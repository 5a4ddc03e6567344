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
  /** Part of every text, and of the second name of each pair. The first names are equal in all documents. */
  readonly label: string;
  /** At least 4. Defaults to 4. */
  readonly pages?: number;
  /** Whether the role `Callout`, the class `Spaced` and the form's font `Txt` have another meaning. */
  readonly otherMeanings?: boolean;
}

/**
 * Builds a document that uses every feature beyond one page at least twice. The same options give the same bytes. Page
 * n contains "LABEL page n". For tests of what survives an operation.
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
