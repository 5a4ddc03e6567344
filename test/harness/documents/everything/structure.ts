import { PDFName } from 'pdf-lib';
import type { PDFObject, PDFRef } from 'pdf-lib';
import type { TaggedLink } from './destinations.js';
import { dictionary, pageAt, register, text, tree, twoNames } from './draft.js';
import type { Draft } from './draft.js';

interface Tagged {
  readonly forms: readonly PDFRef[];
  readonly links: readonly TaggedLink[];
}

/**
 * The structure tree: two elements a page, on even pages a table whose cell names its header by ID, a figure inside each
 * form XObject, the links; parent tree, ID tree, roles and classes (ISO 32000-2, 14.7).
 */
export function addStructure(draft: Draft, tagged: Tagged): void {
  const { context, catalog, pages, otherMeanings } = draft;
  const structure = new StructureDraft(draft);
  for (const { index } of pages) {
    structure.addLeaf(structure.document, 'H1', index, 0);
    structure.addLeaf(structure.document, 'Callout', index, 1, { C: 'Spaced' });
    if (index % 2 === 0) structure.addTable(index);
    const form = tagged.forms[index];
    if (form) structure.addFigure(index, form);
  }
  for (const link of tagged.links) structure.addLink(link);
  structure.finish();
  catalog.set(
    'StructTreeRoot',
    structure.root({
      RoleMap: { Callout: otherMeanings ? 'BlockQuote' : 'Note', [`Own${draft.label}`]: 'Sect' },
      ClassMap: {
        Spaced: { O: 'Layout', LineHeight: otherMeanings ? 24 : 12 },
        [`Wide${draft.label}`]: { O: 'Layout', Width: 200 },
      },
    }),
  );
  catalog.set('MarkInfo', context.obj({ Marked: true }));
}

class StructureDraft {
  readonly document: PDFRef;
  readonly #draft: Draft;
  readonly #root: PDFRef;
  /** The kids of elements with nested elements. */
  readonly #kids = new Map<PDFRef, PDFRef[]>();
  readonly #entries = new Map<PDFRef, Record<string, unknown>>();
  /** The parent tree, with a list of elements by MCID for contents, and one element for objects. */
  readonly #parents = new Map<number, PDFRef[] | PDFRef>();
  readonly #ids: [string, PDFRef][] = [];

  constructor(draft: Draft) {
    this.#draft = draft;
    this.#root = draft.context.nextRef();
    this.document = this.#group(this.#root, 'Document');
  }

  /** An element with one marked-content sequence of a page. */
  addLeaf(parent: PDFRef, type: string, page: number, mcid: number, entries: Record<string, unknown> = {}): PDFRef {
    const Pg = pageAt(this.#draft, page).ref;
    const ref = register(this.#draft, { Type: 'StructElem', S: type, P: parent, Pg, K: mcid, ...entries });
    this.#under(parent, ref);
    const row = this.#parents.get(page);
    if (Array.isArray(row)) row.push(ref);
    else this.#parents.set(page, [ref]);
    return ref;
  }

  addTable(page: number): void {
    const section = this.#group(this.document, `Own${this.#draft.label}`, {
      C: [PDFName.of(`Wide${this.#draft.label}`)],
    });
    const row = this.#group(this.#group(section, 'Table'), 'TR');
    const id = twoNames(this.#draft, 'head')[page === 0 ? 0 : 1] + (page > 2 ? String(page) : '');
    const head = this.addLeaf(row, 'TH', page, 2, { ID: text(id), A: { O: 'Table', Scope: 'Row' } });
    this.addLeaf(row, 'TD', page, 3, { A: { O: 'Table', Headers: [text(id)] } });
    this.#ids.push([id, head]);
  }

  addFigure(page: number, form: PDFRef): void {
    const Pg = pageAt(this.#draft, page).ref;
    const K = { Type: 'MCR', Pg, Stm: form, MCID: 0 };
    const Alt = text(`${this.#draft.label} figure ${page + 1}`);
    const ref = register(this.#draft, { Type: 'StructElem', S: 'Figure', P: this.document, Pg, K, Alt });
    this.#under(this.document, ref);
    this.#parents.set(this.#draft.pages.length + page, [ref]);
  }

  addLink({ ref: Obj, page, structParent }: TaggedLink): void {
    const Pg = pageAt(this.#draft, page).ref;
    const K = [{ Type: 'OBJR', Pg, Obj }];
    const ref = register(this.#draft, { Type: 'StructElem', S: 'Link', P: this.document, Pg, K });
    this.#under(this.document, ref);
    this.#parents.set(structParent, ref);
  }

  /** Writes the elements with nested elements. */
  finish(): void {
    const { context } = this.#draft;
    for (const [ref, entries] of this.#entries) {
      context.assign(ref, dictionary(context, { ...entries, K: this.#kids.get(ref) ?? [] }));
    }
  }

  root(entries: Record<string, unknown>): PDFRef {
    const { context } = this.#draft;
    const rows = [...this.#parents].sort(([left], [right]) => left - right);
    const numbers = rows.map(([key, row]): [number, PDFObject] => [key, Array.isArray(row) ? context.obj(row) : row]);
    const ids = this.#ids.sort(([left], [right]) => (left < right ? -1 : 1));
    const all = {
      Type: 'StructTreeRoot',
      K: [this.document],
      ParentTree: tree(this.#draft, 'Nums', numbers),
      ParentTreeNextKey: rows.length,
      IDTree: tree(this.#draft, 'Names', ids),
      ...entries,
    };
    context.assign(this.#root, dictionary(context, all));
    return this.#root;
  }

  #group(parent: PDFRef, type: string, entries: Record<string, unknown> = {}): PDFRef {
    const ref = this.#draft.context.nextRef();
    this.#entries.set(ref, { Type: 'StructElem', S: type, P: parent, ...entries });
    this.#under(parent, ref);
    return ref;
  }

  #under(parent: PDFRef, kid: PDFRef): void {
    const kids = this.#kids.get(parent);
    if (kids) kids.push(kid);
    else this.#kids.set(parent, [kid]);
  }
}
