import { dictionary, pageAt, text } from './draft.js';
import type { Draft } from './draft.js';

/** Two article threads of two beads each, on the first and second half of the first four pages (ISO 32000-2, 12.4.3). */
export function addArticles(draft: Draft): void {
  const { context, catalog, label } = draft;
  const threads = [0, 2].map((start) => {
    const thread = context.nextRef();
    const beads = [context.nextRef(), context.nextRef()];
    for (const [n, bead] of beads.entries()) {
      const page = pageAt(draft, start + n);
      const other = beads[1 - n];
      const entries = { Type: 'Bead', T: thread, N: other, V: other, P: page.ref, R: [40, 500, 300, 800] };
      context.assign(bead, dictionary(context, entries));
      page.set('B', context.obj([bead]));
    }
    const info = { Title: text(`${label} article ${start / 2 + 1}`) };
    context.assign(thread, dictionary(context, { Type: 'Thread', F: beads[0], I: info }));
    return thread;
  });
  catalog.set('Threads', context.obj(threads));
}
