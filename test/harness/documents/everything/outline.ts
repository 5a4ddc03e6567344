import type { PDFRef } from 'pdf-lib';
import { dictionary, pageAt, text, twoNames } from './draft.js';
import type { Draft } from './draft.js';

interface Item {
  readonly title: string;
  readonly entries: Record<string, unknown>;
  readonly open?: boolean;
  readonly items?: readonly Item[];
}

/** Two levels: destinations, actions and names; one item open and one closed; colours and styles (ISO 32000-2, 12.3.3). */
export function addOutline(draft: Draft): void {
  const { context, catalog, label } = draft;
  const [chapter, ownChapter] = twoNames(draft, 'chapter');
  const to = (index: number): [PDFRef, string] => [pageAt(draft, index).ref, 'Fit'];
  const items: Item[] = [
    {
      title: `${label} part one`,
      open: true,
      entries: { Dest: to(0), C: [1, 0, 0], F: 2 },
      items: [
        { title: `${label} one, first`, entries: { A: { S: 'GoTo', D: to(1) }, C: [0, 0, 1], F: 1 } },
        { title: `${label} one, second`, entries: { Dest: text(chapter) } },
      ],
    },
    {
      title: `${label} part two`,
      open: false,
      entries: { A: { S: 'GoTo', D: to(2) } },
      items: [
        { title: `${label} two, first`, entries: { Dest: to(3) } },
        { title: `${label} two, second`, entries: { A: { S: 'GoTo', D: text(ownChapter) } } },
      ],
    },
  ];
  const root = context.nextRef();
  context.assign(root, dictionary(context, { Type: 'Outlines', ...addItems(draft, root, items), Count: 4 }));
  catalog.set('Outlines', root);
  catalog.set('PageMode', context.obj('UseOutlines'));
}

/** Writes siblings and everything below them. Returns the parent's First and Last. */
function addItems(draft: Draft, parent: PDFRef, items: readonly Item[]): Record<string, unknown> {
  const { context } = draft;
  const refs = items.map(() => context.nextRef());
  for (const [n, { title, entries, open = false, items: below = [] }] of items.entries()) {
    const ref = refs[n];
    if (!ref) continue;
    const nested = below.length > 0 && {
      ...addItems(draft, ref, below),
      Count: open ? below.length : -below.length,
    };
    const links = { Parent: parent, Prev: refs[n - 1], Next: refs[n + 1] };
    context.assign(ref, dictionary(context, { Title: text(title), ...links, ...entries, ...nested }));
  }
  return { First: refs[0], Last: refs.at(-1) };
}
