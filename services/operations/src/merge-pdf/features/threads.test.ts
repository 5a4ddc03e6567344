import { describe, expect, it } from '@jest/globals';
import { PDFArray, PDFDict, PDFDocument, PDFName, PDFRef } from 'pdf-lib';
import { Structure } from '@pdf-tools/harness/documents/structure';
import { textPdf } from '@pdf-tools/harness/documents/text-pdf';
import { produce } from '@pdf-tools/harness/documents/workshop';
import operation from '../definition.js';

/** Three pages and two threads. `one` has a bead on each page, `two` a bead on the last. */
function threaded(objects: Readonly<Record<number, string>> = {}): Buffer {
  const page = (at: number, beads: string): string =>
    `<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${100 + at} 50]/B[${beads}]/Annots[${50 + at} 0 R]>>`;
  const action = (entries: string): string => `<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/Thread${entries}>>>>`;
  return textPdf({
    1: '<</Type/Catalog/Pages 2 0 R/Threads[20 0 R 21 0 R]>>',
    2: '<</Type/Pages/Kids[10 0 R 11 0 R 12 0 R]/Count 3>>',
    10: page(0, '30 0 R'),
    11: page(1, '31 0 R'),
    12: page(2, '32 0 R 33 0 R'),
    20: '<</Type/Thread/F 30 0 R/I<</Title(one)>>>>',
    21: '<</Type/Thread/F 33 0 R/I<</Title(two)>>>>',
    30: '<</Type/Bead/T 20 0 R/N 31 0 R/V 32 0 R/P 10 0 R/R[0 0 1 1]>>',
    31: '<</Type/Bead/N 32 0 R/V 30 0 R/P 11 0 R/R[0 0 2 2]>>',
    32: '<</Type/Bead/N 30 0 R/V 31 0 R/P 12 0 R/R[0 0 3 3]>>',
    33: '<</Type/Bead/T 21 0 R/N 33 0 R/V 33 0 R/P 12 0 R/R[0 0 4 4]>>',
    50: action('/D 0/B 1'),
    51: action('/D(two)'),
    52: action('/D 21 0 R'),
    ...objects,
  });
}

class Threads {
  private constructor(readonly document: PDFDocument) {}

  static async merge(files: readonly Buffer[], items: readonly unknown[] = []): Promise<Threads> {
    const named = files.map((bytes, at) => [`${at}.pdf`, bytes] as const);
    const { bytes } = await produce(operation, named, { params: { items } });
    return new Threads(await PDFDocument.load(bytes));
  }

  get refs(): PDFRef[] {
    const threads = this.document.catalog.lookup(PDFName.of('Threads'));
    return threads instanceof PDFArray ? threads.asArray().flatMap((ref) => (ref instanceof PDFRef ? ref : [])) : [];
  }

  /** Each thread as its title and the pages of its beads. Throws if a chain is inconsistent. */
  lines(): string[] {
    return this.refs.map((ref) => {
      const thread = this.#dict(ref);
      const title = Structure.text(thread.lookup(PDFName.of('I'), PDFDict), 'Title') ?? '';
      const first = refIn(thread, 'F');
      if (refIn(this.#dict(first), 'T') !== ref) throw new Error('the first bead is of another thread');
      return `${title.slice(1, -1)} ${this.#chain(first).join()}`;
    });
  }

  /** Returns the target of the link on a page, as the positions of the thread and its bead. */
  action(page: number): { thread: number; bead: PDFRef | undefined } | undefined {
    const link = this.document.getPage(page).node.Annots()?.lookup(0, PDFDict);
    const action = link?.lookup(PDFName.of('A'));
    if (!(action instanceof PDFDict)) return undefined;
    const bead = action.get(PDFName.of('B'));
    const thread = this.refs.indexOf(refIn(action, 'D'));
    return { thread, bead: bead instanceof PDFRef ? bead : undefined };
  }

  beadsOf(page: number): PDFRef[] {
    const beads = this.document.getPage(page).node.lookup(PDFName.of('B'), PDFArray).asArray();
    return beads.flatMap((bead) => (bead instanceof PDFRef ? bead : []));
  }

  beads(): PDFDict[] {
    return this.document.context
      .enumerateIndirectObjects()
      .flatMap(([, object]) => (object instanceof PDFDict && Structure.text(object, 'Type') === '/Bead' ? object : []));
  }

  #chain(first: PDFRef): number[] {
    const pages: number[] = [];
    let bead = first;
    do {
      const dict = this.#dict(bead);
      const page = this.document.getPages().findIndex(({ ref }) => ref === refIn(dict, 'P'));
      if (!this.beadsOf(page).includes(bead)) throw new Error('a page does not have its bead');
      pages.push(page);
      const next = refIn(dict, 'N');
      if (refIn(this.#dict(next), 'V') !== bead) throw new Error('a ring is none backwards');
      bead = next;
    } while (bead !== first && pages.length < 99);
    return pages;
  }

  #dict(ref: PDFRef): PDFDict {
    return this.document.context.lookup(ref, PDFDict);
  }
}

function refIn(dict: PDFDict, key: string): PDFRef {
  const ref = dict.get(PDFName.of(key));
  if (!(ref instanceof PDFRef)) throw new Error(`${key} is no reference`);
  return ref;
}

describe('article threads', () => {
  it('of all files are kept in order', async () => {
    const threads = await Threads.merge([threaded(), threaded()]);
    expect(threads.lines()).toEqual(['one 0,1,2', 'two 2', 'one 3,4,5', 'two 5']);
    expect(threads.beads()).toHaveLength(8);
  });

  it('are closed over the beads on taken pages, and threads without beads are dropped', async () => {
    const threads = await Threads.merge([threaded()], [{ file: 0, pages: '2,1' }]);
    expect(threads.lines()).toEqual(['one 1,0']);
    const later = await Threads.merge([threaded()], [{ file: 0, pages: '2-' }]);
    expect(later.lines()).toEqual(['one 0,1', 'two 1']);
    expect(later.beads()).toHaveLength(3);
    const none = await Threads.merge(
      [threaded({ 31: '<<>>', 11: '<</Type/Page/Parent 2 0 R>>' })],
      [{ file: 0, pages: '2' }],
    );
    expect(none.document.catalog.has(PDFName.of('Threads'))).toBe(false);
  });

  it('include the beads of repeated pages', async () => {
    const threads = await Threads.merge([threaded()], [{ file: 0 }, { file: 0, pages: '2-' }]);
    expect(threads.lines()).toEqual(['one 0,1,2', 'two 2', 'one 3,4', 'two 4']);
  });

  it('are followed by actions, by position and by title', async () => {
    const threads = await Threads.merge([threaded(), threaded()]);
    expect([3, 4, 5].map((page) => threads.action(page)?.thread)).toEqual([2, 3, 3]);
    expect(threads.action(3)?.bead).toBe(threads.beadsOf(4)[0]);
    const some = await Threads.merge([threaded()], [{ file: 0, pages: '1-2' }]);
    expect(some.action(0)).toEqual({ thread: 0, bead: some.beadsOf(1)[0] });
    expect(some.action(1)).toBeUndefined();
    const first = await Threads.merge([threaded()], [{ file: 0, pages: '1' }]);
    expect(first.action(0)).toEqual({ thread: 0, bead: undefined });
  });

  it('that the catalog does not list are closed too', async () => {
    const unlisted = threaded({ 1: '<</Type/Catalog/Pages 2 0 R>>' });
    const threads = await Threads.merge([unlisted], [{ file: 0, pages: '2-' }]);
    expect(threads.lines()).toEqual([]);
    expect(threads.beads().map((bead) => bead.has(PDFName.of('P')))).toEqual([true, true, true]);
    const text = threads.document.context.enumerateIndirectObjects().join('');
    expect(text).not.toContain('null');
  });

  it('that are listed twice occur once', async () => {
    const twice = threaded({ 1: '<</Type/Catalog/Pages 2 0 R/Threads[20 0 R 20 0 R 21 0 R 99 0 R]>>' });
    expect((await Threads.merge([twice])).lines()).toEqual(['one 0,1,2', 'two 2']);
  });

  it('stop at broken bead chains', async () => {
    const broken = threaded({
      31: '<</Type/Bead/N 31 0 R/V 77 0 R/P 11 0 R>>',
      33: '<</Type/Bead/T 21 0 R/N 30 0 R/V 33 0 R/P 12 0 R>>',
    });
    const threads = await Threads.merge([broken], [{ file: 0, pages: '2-' }]);
    expect(threads.lines()).toEqual(['one 0', 'two 1']);
  });
});
