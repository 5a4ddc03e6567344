import { describe, expect, it } from '@jest/globals';
import { PdfDict, PdfString, pageDict, readFields, readPageTree, serialize, textOf } from '@pdf-tools/pdf';
import type { PdfFile, PdfObject } from '@pdf-tools/pdf';
import { pagesPdf } from '@pdf-tools/harness/documents/pages-pdf';
import { openBytes } from '@pdf-tools/harness/documents/pdf-folder';
import { produce } from '@pdf-tools/harness/documents/workshop';
import operation from '../definition.js';

interface FormOptions {
  /** Widgets from object 20 on. All are on the first page. */
  readonly widgets: readonly string[];
  /** The numbers in /Fields. Undefined for no form. */
  readonly fields?: readonly number[] | undefined;
  readonly objects?: Readonly<Record<number, string>>;
}

const text = (name: string, entries = ''): string => `/FT /Tx /T (${name}) ${entries}`;
const button = (name: string, action: string): string => `/FT /Btn /Ff 65536 /T (${name}) /A << ${action} >>`;

function formPdf({ widgets, fields, objects = {} }: FormOptions): Buffer {
  const numbers = widgets.map((_widget, at) => 20 + at);
  const list = fields?.map((num) => `${num} 0 R`).join(' ');
  return pagesPdf('FORM', 2, {
    catalog: list === undefined ? '' : `/AcroForm << /Fields [${list}] >>`,
    page: (at) => (at === 0 ? `/Annots [${numbers.map((num) => `${num} 0 R`).join(' ')}]` : ''),
    objects: {
      ...Object.fromEntries(
        widgets.map((entries, at) => [20 + at, `<< /Type /Annot /Subtype /Widget /Rect [0 0 9 9] ${entries} >>`]),
      ),
      ...objects,
    },
  });
}

async function merge(files: readonly Buffer[], params: Readonly<Record<string, unknown>> = {}) {
  const named = files.map((bytes, at) => [`${at}.pdf`, bytes] as const);
  const { bytes, result } = await produce(operation, named, { params });
  return { file: openBytes(bytes), report: JSON.stringify(result.report) };
}

/** The fully qualified names of the terminal fields that the form lists. */
function listed(file: PdfFile): string[] {
  const form = file.catalogEntry('AcroForm');
  const nodes = form instanceof PdfDict ? readFields(file, form) : [];
  return nodes.filter(({ kids }) => kids.length === 0).map((node) => nameOf(file, node.dict));
}

function nameOf(file: PdfFile, field: PdfDict): string {
  const [title, parent] = [file.resolve(field.get('T')), file.resolve(field.get('Parent'))];
  const above = parent instanceof PdfDict ? [nameOf(file, parent)] : [];
  return [...above, ...(title instanceof PdfString ? [textOf(title)] : [])].join('.');
}

/** The widgets on a page of the result. */
function widgets(file: PdfFile, page: number): PdfDict[] {
  const entry = readPageTree(file).pages[page];
  const annots = entry ? file.resolve(pageDict(file, entry).get('Annots')) : null;
  const dicts = Array.isArray(annots) ? annots.map((annot) => file.resolve(annot)) : [];
  return dicts.filter((dict) => dict instanceof PdfDict);
}

/** The field names that an action of a widget refers to. */
function targets(file: PdfFile, page: number, widget: number, key = 'Fields'): string[] {
  const action = file.resolve(widgets(file, page)[widget]?.get('A'));
  const list = action instanceof PdfDict ? file.resolve(action.get(key)) : null;
  const nameIn = (item: PdfObject): string => {
    const value = file.resolve(item);
    return value instanceof PdfDict
      ? nameOf(file, value)
      : value instanceof PdfString
        ? textOf(value)
        : serialize(value);
  };
  return Array.isArray(list) ? list.map(nameIn) : [nameIn(list)];
}

describe('fields that are only on a page', () => {
  it('are listed and renamed like others', async () => {
    const form = formPdf({ widgets: [text('name'), text('orphan', '/V (value)')], fields: [20] });
    const { file, report } = await merge([form, form]);
    expect(listed(file)).toEqual(['name', 'orphan', 'name_2', 'orphan_2']);
    expect(report).toContain('"orphan":"orphan_2"');
  });

  it('are found from their widgets up to their root', async () => {
    const objects = {
      40: '<< /T (root) /Kids [41 0 R] >>',
      41: '<< /T (sub) /Parent 40 0 R /FT /Tx /Kids [20 0 R] >>',
    };
    const form = formPdf({ widgets: ['/Parent 41 0 R', '/Parent 41 0 R'], fields: [], objects });
    const { file } = await merge([form, form]);
    expect(listed(file)).toEqual(['root.sub', 'root.sub', 'root_2.sub', 'root_2.sub']);
  });

  it('are renamed but not listed if their file has no form', async () => {
    const { file } = await merge([
      formPdf({ widgets: [text('name')], fields: [20] }),
      formPdf({ widgets: [text('name')] }),
    ]);
    expect(listed(file)).toEqual(['name']);
    expect(widgets(file, 2).map((widget) => nameOf(file, widget))).toEqual(['name_2']);
  });

  it('are not attached to parents in a cycle', async () => {
    const objects = { 40: '<< /T (a) /Parent 41 0 R >>', 41: '<< /T (b) /Parent 40 0 R >>' };
    const { file } = await merge([formPdf({ widgets: ['/Parent 40 0 R'], fields: [], objects })]);
    expect(file.catalog.has('AcroForm')).toBe(true);
  });
});

describe('root fields with one name', () => {
  it('stay one field within a file', async () => {
    const form = formPdf({ widgets: [text('name'), text('name'), text('name_2')], fields: [20, 21, 22] });
    const { file } = await merge([form, form]);
    expect(listed(file)).toEqual(['name', 'name', 'name_2', 'name_3', 'name_3', 'name_2_2']);
  });

  it('have the same name in another encoding', async () => {
    const form = formPdf({ widgets: ['/FT /Tx /T <FEFF006E0061006D0065>'], fields: [20] });
    const { file } = await merge([formPdf({ widgets: [text('name')], fields: [20] }), form]);
    expect(listed(file)).toEqual(['name', 'name_2']);
  });
});

describe('actions on fields', () => {
  const field = text('name');
  const reset = (entries: string): string => button('reset', `/S /ResetForm ${entries}`);
  const both = async (action: string, objects = {}): Promise<PdfFile> => {
    const form = formPdf({ widgets: [field, action, text('other')], fields: [20, 21, 22], objects });
    return (await merge([form, form])).file;
  };

  it.each([
    ['ResetForm', 'Fields', '/S /ResetForm /Fields [(name)]'],
    ['SubmitForm', 'Fields', '/S /SubmitForm /F (http://localhost) /Fields [(name)]'],
    ['Hide with a name', 'T', '/S /Hide /T (name)'],
    ['Hide with a list', 'T', '/S /Hide /T [(name)]'],
    ['a list of its own object', 'Fields', '/S /ResetForm /Fields 50 0 R'],
  ])('use the new names: %s', async (_, key, action) => {
    const file = await both(button('go', action), { 50: '[(name)]' });
    expect([targets(file, 0, 1, key), targets(file, 2, 1, key)]).toEqual([['name'], ['name_2']]);
  });

  it('use new names below a root field', async () => {
    const objects = { 40: '<< /T (root) /Kids [20 0 R 21 0 R] >>' };
    const below = [text('a', '/Parent 40 0 R'), `${reset('/Fields [(root.a)]')} /Parent 40 0 R`];
    const form = formPdf({ widgets: below, fields: [40], objects });
    const { file } = await merge([form, form]);
    expect([targets(file, 0, 1), targets(file, 2, 1)]).toEqual([['root.a'], ['root_2.a']]);
  });

  it('are limited to the fields of their file if they apply to all or to all but some', async () => {
    const all = await both(reset(''));
    expect(targets(all, 0, 1)).toEqual(['name', 'reset', 'other']);
    expect(targets(all, 2, 1)).toEqual(['name_2', 'reset_2', 'other_2']);
    const some = await both(reset('/Flags 1 /Fields [(name) 21 0 R]'));
    expect(targets(some, 2, 1)).toEqual(['other_2']);
    expect(serialize(some.resolve(widgets(some, 2)[1]?.get('A')))).toMatch(/\/Flags 0/);
  });

  it('take space in proportion to fields and actions', async () => {
    const count = 2_000;
    const widgets = Array.from({ length: count }, (_none, at) =>
      button(`f${at}`, at % 2 === 0 ? '/S /ResetForm' : '/S /ResetForm /Flags 1 /Fields [(none)]'),
    );
    const form = formPdf({ widgets, fields: widgets.map((_widget, at) => 20 + at) });
    const { bytes } = await produce(
      operation,
      ['a.pdf', 'b.pdf'].map((name) => [name, form] as const),
    );
    const file = openBytes(bytes);
    const lengths = [...file.numbers()].map((num) => serialize(file.load(num)).length);
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBeLessThan(20 * form.length);
  });

  it('omit fields that are not taken but exist in another file', async () => {
    const objects = {
      11: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Annots [23 0 R] >>',
      23: `<< /Subtype /Widget ${field} >>`,
    };
    const form = formPdf({
      widgets: [text('own'), reset('/Fields [(name) 23 0 R (own)]')],
      fields: [20, 21, 23],
      objects,
    });
    const items = JSON.stringify([{ file: 0 }, { file: 1, pages: '1' }]);
    const { file } = await merge([formPdf({ widgets: [field], fields: [20] }), form], { items });
    expect(targets(file, 2, 1)).toEqual(['own']);
  });

  it('that are scripts are reported if names changed', async () => {
    const script = `/AA << /C << /S /JavaScript /JS (this.getField\\("name"\\)) >> >>`;
    const form = formPdf({ widgets: [text('name', script)], fields: [20] });
    const note = 'scripts still use the old names';
    const { report } = await merge([form, form]);
    expect(report.split(note)).toHaveLength(2);
    expect((await merge([form, formPdf({ widgets: [text('else')], fields: [20] })])).report).not.toContain(note);
  });
});
