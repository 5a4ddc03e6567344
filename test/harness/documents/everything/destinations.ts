import { PDFName } from 'pdf-lib';
import type { PDFRef } from 'pdf-lib';
import { dictionary, pageAt, register, text, tree, twoNames } from './draft.js';
import type { Draft } from './draft.js';

/** A link that the structure tree names too. */
export interface TaggedLink {
  readonly ref: PDFRef;
  /** Its page, from 0. */
  readonly page: number;
  readonly structParent: number;
}

/**
 * Named destinations by strings (name tree) and by names (/Dests), and links to each of them and to plain destinations,
 * by /Dest and by action (ISO 32000-2, 12.3.2 and 12.5.6.5). Returns the tagged ones.
 */
export function addDestinations(draft: Draft): readonly TaggedLink[] {
  const { context, catalog, names } = draft;
  const [chapter, ownChapter] = twoNames(draft, 'chapter');
  const [section, ownSection] = twoNames(draft, 'section');
  const to = (index: number): [PDFRef, string, number, number, number] => [pageAt(draft, index).ref, 'XYZ', 50, 760, 0];
  names.Dests = tree(draft, 'Names', [
    [chapter, context.obj(to(2))],
    [ownChapter, register(draft, { D: to(3) })],
  ]);
  catalog.set('Dests', dictionary(context, { [section]: to(1), [ownSection]: { D: to(3) } }));

  const first = draft.pages.length * 2;
  const rect = (n: number): number[] => [300, 700 - 30 * n, 380, 720 - 30 * n];
  const link = (page: number, n: number, entries: Record<string, unknown>): PDFRef =>
    pageAt(draft, page).annotate({ Subtype: 'Link', Rect: rect(n), Border: [0, 0, 0], ...entries });
  const goTo = (D: unknown): Record<string, unknown> => ({ A: { S: 'GoTo', D } });
  const uri = (path: string): Record<string, unknown> => ({
    A: { S: 'URI', URI: text(`https://example.org/${path}`) },
  });

  const tagged = [
    { ref: link(0, 0, { Dest: text(chapter), StructParent: first }), page: 0, structParent: first },
    { ref: link(1, 0, { ...goTo(text(ownChapter)), StructParent: first + 1 }), page: 1, structParent: first + 1 },
  ];
  link(2, 0, { Dest: PDFName.of(section) });
  link(3, 0, goTo(PDFName.of(ownSection)));
  link(0, 1, { Dest: [pageAt(draft, 3).ref, 'Fit'] });
  link(2, 1, goTo(to(0)));
  link(1, 1, uri('one'));
  link(3, 1, uri('two'));
  return tagged;
}
