import { PDFHexString } from 'pdf-lib';
import type { PDFRef } from 'pdf-lib';
import { dictionary, pageAt, register, registerStream, text, twoNames } from './draft.js';
import type { Draft } from './draft.js';

const RADIO_FLAGS = 1 << 15;
const COMBO_FLAG = 1 << 17;

/**
 * Fields of each type, the first of each pair under a name that every document has; radio groups on two pages, nested
 * fields, signatures with a value, an order of calculation and fonts of the form's own (ISO 32000-2, 12.7).
 */
export function addFields(draft: Draft): void {
  const { context, catalog, otherMeanings } = draft;
  const form = new FormDraft(draft);
  const calculated = twoNames(draft, 'total').map((name, n) => form.addText(name, n, { AA: calculation(name) }));
  for (const [n, name] of twoNames(draft, 'agree').entries()) form.addCheckbox(name, n);
  for (const [n, name] of twoNames(draft, 'choice').entries()) form.addRadio(name, [n, n + 2]);
  for (const [n, name] of twoNames(draft, 'colour').entries()) form.addChoice(name, n * 3, n === 0);
  for (const [n, name] of twoNames(draft, 'signature').entries()) form.addSignature(name, n * 3);
  form.addNested('address', twoNames(draft, 'street'));
  const font = { Type: 'Font', Subtype: 'Type1', BaseFont: otherMeanings ? 'Courier' : 'Helvetica' };
  const own = { Type: 'Font', Subtype: 'Type1', BaseFont: 'Times-Bold' };
  catalog.set(
    'AcroForm',
    dictionary(context, {
      Fields: form.fields,
      CO: calculated,
      DA: text('/Txt 0 Tf 0 g'),
      DR: { Font: { Txt: register(draft, font), [`Own${draft.label}`]: register(draft, own) } },
      SigFlags: 3,
      NeedAppearances: false,
    }),
  );
}

function calculation(name: string): Record<string, unknown> {
  return { C: { S: 'JavaScript', JS: text(`event.value = 1 // ${name}`) } };
}

class FormDraft {
  readonly fields: PDFRef[] = [];
  readonly #draft: Draft;
  /** Number of fields on each page, which are placed below each other. */
  readonly #count = new Map<number, number>();

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  addText(name: string, page: number, entries: Record<string, unknown> = {}): PDFRef {
    const fonts = ['Txt', `Own${this.#draft.label}`];
    const value = text(`${this.#draft.label} ${name}`);
    const DA = text(`/${fonts[page % 2] ?? ''} 10 Tf 0 g`);
    const N = this.#appearance(`BT /Txt 10 Tf 2 4 Td (${this.#draft.label} ${name}) Tj ET`);
    return this.#add(page, { FT: 'Tx', T: text(name), V: value, DA, AP: { N }, ...entries });
  }

  addCheckbox(name: string, page: number): void {
    const N = { Yes: this.#appearance('0 0 9 9 re f'), Off: this.#appearance('') };
    this.#add(page, { FT: 'Btn', T: text(name), V: 'Yes', AS: 'Yes', AP: { N } });
  }

  /** A group with a button on each page. The last one is selected. */
  addRadio(name: string, pages: readonly number[]): void {
    const { context } = this.#draft;
    const parent = context.nextRef();
    const chosen = `at${pages.at(-1) ?? 0}`;
    const kids = pages.map((page) => {
      const state = `at${page}`;
      const N = { [state]: this.#appearance('0 0 9 9 re f'), Off: this.#appearance('') };
      return this.#widget(page, { Parent: parent, AS: state === chosen ? state : 'Off', AP: { N } });
    });
    const entries = { FT: 'Btn', Ff: RADIO_FLAGS, T: text(name), V: chosen, Kids: kids };
    context.assign(parent, dictionary(context, entries));
    this.fields.push(parent);
  }

  addChoice(name: string, page: number, combo: boolean): void {
    const Opt = ['red', 'green'].map(text);
    const N = this.#appearance('BT /Txt 10 Tf 2 4 Td (green) Tj ET');
    this.#add(page, { FT: 'Ch', Ff: combo ? COMBO_FLAG : 0, T: text(name), Opt, V: text('green'), AP: { N } });
  }

  addSignature(name: string, page: number): void {
    const V = register(this.#draft, {
      Type: 'Sig',
      Filter: 'Adobe.PPKLite',
      SubFilter: 'adbe.pkcs7.detached',
      ByteRange: [0, 10, 20, 10],
      Contents: PDFHexString.of('00'.repeat(8)),
    });
    this.#add(page, { FT: 'Sig', T: text(name), V, AP: { N: this.#appearance('') } });
  }

  /** A field without a type above two text fields, on pages 1 and 2. */
  addNested(name: string, below: readonly string[]): void {
    const { context, label } = this.#draft;
    const parent = context.nextRef();
    const kids = below.map((part, n) => {
      const N = this.#appearance(`BT /Txt 10 Tf 2 4 Td (${label} ${part}) Tj ET`);
      return this.#widget(n + 1, { Parent: parent, T: text(part), V: text(`${label} ${part}`), AP: { N } });
    });
    const entries = { FT: 'Tx', T: text(name), DA: text('/Txt 10 Tf 0 g'), Kids: kids };
    context.assign(parent, dictionary(context, entries));
    this.fields.push(parent);
  }

  #add(page: number, entries: Record<string, unknown>): PDFRef {
    const ref = this.#widget(page, entries);
    this.fields.push(ref);
    return ref;
  }

  #widget(page: number, entries: Record<string, unknown>): PDFRef {
    const n = this.#count.get(page) ?? 0;
    this.#count.set(page, n + 1);
    const bottom = 480 - 25 * n;
    return pageAt(this.#draft, page).annotate({
      Subtype: 'Widget',
      F: 4,
      Rect: [50, bottom, 170, bottom + 18],
      ...entries,
    });
  }

  #appearance(content: string): PDFRef {
    const Font = { Txt: { Type: 'Font', Subtype: 'Type1', BaseFont: 'Helvetica' } };
    const entries = { Type: 'XObject', Subtype: 'Form', BBox: [0, 0, 120, 18], Resources: { Font } };
    return registerStream(this.#draft, content, entries);
  }
}
