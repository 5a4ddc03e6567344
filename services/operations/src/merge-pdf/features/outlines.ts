import { PdfDict, PdfName, TargetRef, textString } from '@pdf-tools/pdf';
import type { PdfObject } from '@pdf-tools/pdf';
import type { FeatureContext } from '../features.js';
import { PerDocument } from '../per-document.js';
import { titleOf } from '../plan.js';
import type { Part } from '../plan.js';
import type { Feature, PlacedPage, Source } from '../source.js';
import { readDestinationNames } from './destination.js';
import { allItems, itemsOfPart } from './outline-items.js';
import type { OutlineItem } from './outline-items.js';
import { readOutline } from './outline-reader.js';
import type { DocumentOutline } from './outline-reader.js';
import { writeOutline } from './outline-writer.js';

/**
 * Merges outlines (ISO 32000-2, 12.3.3): unchanged, nested under an item for each file, or only such items. A part of a
 * file takes the items that lead to its pages.
 */
export class OutlinesFeature implements Feature {
  readonly #context: FeatureContext;
  readonly #read = new PerDocument((source) => readOutline(source, readDestinationNames(source.file)));
  readonly #outlines = new Map<Source, DocumentOutline>();

  constructor(context: FeatureContext) {
    this.#context = context;
  }

  collect(source: Source): void {
    const { bookmarks } = this.#context.params;
    if (bookmarks === 'nest' || bookmarks === 'preserve') this.#outlines.set(source, this.#read.of(source));
  }

  finish(): Readonly<Record<string, PdfObject | undefined>> {
    const { parts, params } = this.#context;
    if (params.bookmarks === 'none') return {};
    const underTitles = params.bookmarks === 'filenames' || (params.bookmarks === 'nest' && parts.length > 1);
    const taken = this.#takenBy(parts.length);
    const items = parts.flatMap((part, at) => {
      const own = this.#itemsOf(at, taken[at]?.sources ?? new Set());
      const first = taken[at]?.first;
      return underTitles && first ? [this.#titled(part, first, own)] : own;
    });
    if (items.length === 0) return {};
    return { Outlines: new TargetRef(writeOutline(this.#context.writer, items)) };
  }

  /** The sources of each part, and the first page of the part. */
  #takenBy(parts: number): Taken[] {
    const taken = Array.from({ length: parts }, (): Taken => ({ sources: new Set(), first: undefined }));
    for (const source of this.#context.sources) {
      for (const page of source.pages) {
        const part = taken[page.part];
        if (!part) continue;
        part.sources.add(source);
        if (!part.first || page.position < part.first.position) part.first = page;
      }
    }
    return taken;
  }

  #itemsOf(part: number, sources: ReadonlySet<Source>): OutlineItem[] {
    return [...sources].flatMap((source) => {
      const outline = this.#outlines.get(source);
      if (!outline) return [];
      const isWhole = source.isWhole && source.pages.every((page) => page.part === part);
      return isWhole ? allItems(source, outline) : itemsOfPart(source, outline, part);
    });
  }

  #titled(part: Part, { target }: PlacedPage, items: OutlineItem[]): OutlineItem {
    const entries = PdfDict.of({
      Title: textString(titleOf(part, this.#context.documents)),
      Dest: [new TargetRef(target), new PdfName('XYZ'), null, null, null],
    });
    return { entries, items, isOpen: true, source: undefined };
  }
}

interface Taken {
  readonly sources: Set<Source>;
  first: PlacedPage | undefined;
}
