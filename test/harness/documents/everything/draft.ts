import { PDFArray, PDFName, PDFString } from 'pdf-lib';
import type { PDFContext, PDFDict, PDFObject, PDFRef } from 'pdf-lib';

/** A dictionary that is filled by plain keys. */
interface Filling {
  readonly dict: PDFDict;
  readonly set: (key: string, value: PDFObject) => void;
}

/** A document under construction. */
export interface Draft {
  readonly context: PDFContext;
  readonly label: string;
  readonly otherMeanings: boolean;
  readonly catalog: Filling;
  /** Entries of the catalog's name dictionary (ISO 32000-2, 7.7.4). */
  readonly names: Record<string, PDFRef>;
  readonly pages: readonly DraftPage[];
}

export interface DraftPage {
  readonly ref: PDFRef;
  /** Position in the document, from 0. */
  readonly index: number;
  readonly set: Filling['set'];
  /** Adds an annotation as an indirect object and returns its reference. */
  readonly annotate: (entries: Record<string, unknown>, ref?: PDFRef) => PDFRef;
}

interface Plan {
  readonly label: string;
  readonly pages: number;
  readonly otherMeanings: boolean;
}

/** An empty catalog and so many empty page dictionaries. */
export function createDraft(context: PDFContext, { label, pages, otherMeanings }: Plan): Draft {
  return {
    context,
    label,
    otherMeanings,
    catalog: filling(context.obj({ Type: 'Catalog', Version: '2.0' })),
    names: {},
    pages: Array.from({ length: pages }, (_, index) => createPage(context, index)),
  };
}

function createPage(context: PDFContext, index: number): DraftPage {
  const dict = context.obj({ Type: 'Page' });
  const ref = context.register(dict);
  const annots = PDFArray.withContext(context);
  const annotate: DraftPage['annotate'] = (entries, place = context.nextRef()) => {
    context.assign(place, dictionary(context, { Type: 'Annot', P: ref, ...entries }));
    annots.push(place);
    dict.set(PDFName.of('Annots'), annots);
    return place;
  };
  return { ref, index, annotate, set: filling(dict).set };
}

function filling(dict: PDFDict): Filling {
  return {
    dict,
    set: (key, value) => {
      dict.set(PDFName.of(key), value);
    },
  };
}

/** A dictionary of plain values; a value that is undefined is left out. */
export function dictionary(context: PDFContext, entries: Record<string, unknown>): PDFDict {
  const given = Object.entries(entries).filter(([, value]) => value !== undefined);
  return context.obj(Object.fromEntries(given) as Record<string, PDFObject>);
}

/** Makes a dictionary an object of its own. */
export function register(draft: Draft, entries: Record<string, unknown>): PDFRef {
  return draft.context.register(dictionary(draft.context, entries));
}

/** Makes a stream without filters an object of its own. */
export function registerStream(
  draft: Draft,
  bytes: string | Uint8Array,
  entries: Record<string, unknown> = {},
): PDFRef {
  const dict = Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
  return draft.context.register(draft.context.stream(bytes, dict as Record<string, PDFObject>));
}

/** A name that every document has, and one that only this document has. */
export function twoNames({ label }: Draft, base: string): readonly [string, string] {
  return [base, `${base}-${label}`];
}

/** An ASCII text string. */
export function text(value: string): PDFString {
  return PDFString.of(value);
}

/** The page at a position that exists in every such document. */
export function pageAt(draft: Draft, index: number): DraftPage {
  const page = draft.pages[index];
  if (!page) throw new RangeError(`the draft has no page ${index}`);
  return page;
}

/** A name or number tree of one leaf per entry under a root (ISO 32000-2, 7.9.6 and 7.9.7). Keys come in their order. */
export function tree(
  draft: Draft,
  kind: 'Names' | 'Nums',
  entries: readonly (readonly [key: string | number, value: PDFObject])[],
): PDFRef {
  const kids = entries.map(([key, value]) => {
    const written = typeof key === 'string' ? text(key) : key;
    return register(draft, { Limits: [written, written], [kind]: [written, value] });
  });
  return register(draft, { Kids: kids });
}
