import type { NumberedFile } from '../input-error.js';
import type { Copier, PageEntry, PageTree, PdfFile, PdfObject, TargetObjectNumber, TargetRef } from '@pdf-tools/pdf';

/** A page of a source and where it is going to be. */
export interface PlacedPage {
  readonly entry: PageEntry;
  /** Its position in the source's document, from 0. */
  readonly sourceIndex: number;
  /** Which of the parts of the result it belongs to, from 0. */
  readonly part: number;
  /** Its position in the result, from 0. */
  readonly position: number;
  /** Its object number in the result. */
  readonly target: TargetObjectNumber;
  /** The node of the result's page tree above it. */
  readonly parent: TargetRef;
  /** Degrees by which it is turned further, clockwise: a multiple of 90. */
  readonly rotate: number;
}

/** What a page of a document is found by: its object number, or a negative one if it is written into its parent. */
export function pageKey({ entry, sourceIndex }: Pick<PlacedPage, 'entry' | 'sourceIndex'>): number {
  return entry.num ?? -1 - sourceIndex;
}

/**
 * A document that is merged, with those of its pages that are. A document whose page is taken twice is two sources: what
 * hangs on the page hangs on either.
 */
export interface Source {
  /** Its file in the request. */
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
  /** All pages of the document are among them. */
  readonly isWhole: boolean;
  /** Its document's pages were there before: bookmarks and attachments are not repeated. */
  readonly isRepeated: boolean;
  /** Of a repeated source, that of its pages' first time. */
  readonly first: Source | undefined;
  /** Counts what is written again for a repeated source, in bytes. Throws where that exceeds the limit. */
  readonly spend: (bytes: number) => void;
  /** The placed page of this source by its key. */
  readonly ownPage: (key: number) => PlacedPage | undefined;
  /** The placed page by its key, here or else the first time. */
  readonly pageOf: (key: number) => PlacedPage | undefined;
}

/** The entry of a catalog, or of several, that is merged: it sees each source before and after its pages are copied. */
export interface Feature {
  /** Says what of the source is copied otherwise: overrides and rewriters. */
  prepare?(source: Source): void;
  /** Takes over what the pages do not bring along. */
  collect?(source: Source): void;
  /** Writes what was collected; returns entries of the catalog of the result. */
  finish(): Readonly<Record<string, PdfObject | undefined>>;
}
