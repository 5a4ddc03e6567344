import type { PageEntry } from '../document/page-tree.js';
import type { PdfFile } from '../file/pdf-file.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';
import { FontUseCollector } from './font-use-collector.js';
import type { FontUse } from './font-use.js';

/** The fonts of a document as its content uses them. */
export interface FontUses {
  /** By the object number of the font dictionary. Fonts that no content selects are not in it. */
  readonly fonts: ReadonlyMap<SourceObjectNumber, FontUse>;
  /** Font names that content selects and its resources do not have. */
  readonly unresolvedNames: ReadonlySet<string>;
  /** Whether all content could be read. If not, any font may show any code. */
  readonly isComplete: boolean;
}

interface Options {
  readonly signal: AbortSignal;
  /** All objects of the document. Content among them that no page draws counts as drawn. */
  readonly numbers: Iterable<SourceObjectNumber>;
}

/**
 * Determines the character codes that each font shows, in page contents, form XObjects, tiling patterns, soft masks, Type
 * 3 glyphs and annotation appearances (ISO 32000-2, 9.4.3). Invisible text and hidden content count. Reads each stream
 * in pieces, up to 256 MiB per document. Malformed content never throws.
 */
export async function collectFontUses(
  file: PdfFile,
  pages: readonly PageEntry[],
  { signal, numbers }: Options,
): Promise<FontUses> {
  const collector = new FontUseCollector(file, signal);
  for (const [index, page] of pages.entries()) await collector.readPage(page, String(index + 1));
  for (const num of numbers) await collector.readUnused(num);
  return collector;
}
