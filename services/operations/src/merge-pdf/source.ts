import type { NumberedFile } from '../input-error.js';
import type { Copier, PageEntry, PageTree, PdfFile, PdfObject, TargetObjectNumber, TargetRef } from '@pdf-tools/pdf';

/** A page of a source and its place in the result. */
export interface PlacedPage {
  readonly entry: PageEntry;
  /** Its position in the source's document, from 0. */
  readonly sourceIndex: number;
  /** Index of its part of the result, from 0. */
  readonly part: number;
  /** Its position in the result, from 0. */
  readonly position: number;
  /** Its object number in the result. */
  readonly target: TargetObjectNumber;
  /** Its parent node in the result's page tree. */
  readonly parent: TargetRef;
  /** Additional clockwise rotation in degrees, a multiple of 90. */
  readonly rotate: number;
}

/** The key of a page: its object number, or a negative number if it is a direct object. */
export function pageKey({ entry, sourceIndex }: Pick<PlacedPage, 'entry' | 'sourceIndex'>): number {
  return entry.num ?? -1 - sourceIndex;
}

/**
 * A document and the pages that the merge takes from it. If a page is taken twice, the document has two sources,
 * because each copy of the page needs its own annotations.
 */
export interface Source {
  /** Its file, with the position in the request. */
  readonly numbered: NumberedFile;
  /** Position of its file in the request, from 0. */
  readonly index: number;
  /** The client's name of the file. */
  readonly name: string;
  readonly file: PdfFile;
  readonly tree: PageTree;
  readonly copier: Copier;
  /** In the order of the result. */
  readonly pages: readonly PlacedPage[];
  /** Whether all pages of the document are taken. */
  readonly isWhole: boolean;
  /** Whether its pages repeat those of another source. Bookmarks and attachments are not repeated. */
  readonly isRepeated: boolean;
  /** The source with the first copy of its pages, if this one is repeated. */
  readonly first: Source | undefined;
  /** Charges bytes that are written again for a repeated source. Throws if they exceed the limit. */
  readonly spend: (bytes: number) => void;
  /** Finds a placed page of this source by its key. */
  readonly ownPage: (key: number) => PlacedPage | undefined;
  /** Finds a placed page of this source or of the first one by its key. */
  readonly pageOf: (key: number) => PlacedPage | undefined;
}

/** Merges one or more catalog entries. It sees each source before and after its pages are copied. */
export interface Feature {
  /** Adds overrides and rewriters for a source before its pages are copied. */
  prepare?(source: Source): void;
  /** Collects what the pages did not copy. */
  collect?(source: Source): void;
  /** Writes what was collected. Returns catalog entries of the result. */
  finish(): Readonly<Record<string, PdfObject | undefined>>;
}
