import { describe, expect, it } from '@jest/globals';
import { PDFDict, PDFName } from 'pdf-lib';
import { Structure } from '@pdf-tools/harness/documents/structure';
import { textPdf } from '@pdf-tools/harness/documents/text-pdf';
import { produce } from '@pdf-tools/harness/documents/workshop';
import operation from '../definition.js';

/** A page with three pieces of marked content and an element for each, with these entries. */
function tagged(root: string, elements: readonly string[], objects: Readonly<Record<number, string>> = {}): Buffer {
  const refs = elements.map((_entries, at) => `${30 + at} 0 R`).join(' ');
  const kids = elements.map((entries, at): [number, string] => [30 + at, `<<${entries}/P 3 0 R/Pg 5 0 R/K ${at}>>`]);
  return textPdf({
    1: '<</Type/Catalog/Pages 2 0 R/StructTreeRoot 3 0 R/MarkInfo<</Marked true>>>>',
    2: '<</Type/Pages/Kids[5 0 R]/Count 1>>',
    3: `<</Type/StructTreeRoot/K[${refs}]/ParentTree<</Nums[0[${refs}]]>>${root}>>`,
    5: '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/StructParents 0>>',
    ...Object.fromEntries(kids),
    ...objects,
  });
}

interface Merged {
  readonly structure: Structure;
  /** What was renamed in each file. */
  readonly renamed: readonly unknown[];
}

async function merge(files: readonly Buffer[], items: readonly unknown[] = []): Promise<Merged> {
  const named = files.map((bytes, at) => [`${at}.pdf`, bytes] as const);
  const { bytes, result } = await produce(operation, named, { params: { items } });
  const structure = await Structure.read(bytes);
  expect(structure.faults()).toEqual([]);
  const report = result.report as { files: { renamed?: unknown }[] };
  return { structure, renamed: report.files.map(({ renamed }) => renamed) };
}

const entriesOf = (structure: Structure, key: string): (string | undefined)[] =>
  structure.elements.map(({ dict }) => Structure.text(dict, key));

/** The entries of a dictionary of the root as text. */
const mapOf = (structure: Structure, key: string): Record<string, string> => {
  const dict = structure.root.lookup(PDFName.of(key), PDFDict);
  return Object.fromEntries(
    dict.entries().map(([name, value]) => {
      return [name.asString(), structure.document.context.lookup(value)?.toString().replace(/\s+/g, '') ?? ''];
    }),
  );
};

describe('element identifiers that two files share', () => {
  const table = tagged('/IDTree<</Names[(a)30 0 R(b)31 0 R]>>', [
    '/S/TH/ID(a)',
    '/S/TH/ID(b)',
    '/S/TD/A<</O/Table/Headers[(a)(b)]>>',
  ]);

  it('are renamed, and header cells follow', async () => {
    const { structure, renamed } = await merge([table, table]);
    expect(entriesOf(structure, 'ID')).toEqual(['(a)', '(b)', undefined, '(a_2)', '(b_2)', undefined]);
    const headers = structure.elements.map(({ dict }) => {
      const attributes = dict.lookup(PDFName.of('A'));
      return attributes instanceof PDFDict ? Structure.text(attributes, 'Headers') : undefined;
    });
    expect(headers).toEqual([undefined, undefined, '[ (a) (b) ]', undefined, undefined, '[ (a_2) (b_2) ]']);
    const tree = structure.idTree();
    expect([...tree.keys()]).toEqual(['a', 'a_2', 'b', 'b_2']);
    expect([...tree].every(([id, element]) => element === structure.withId(id))).toBe(true);
    expect(renamed).toEqual([undefined, { 'element identifiers': { a: 'a_2', b: 'b_2' } }]);
  });

  it('are renamed even if no tree lists them, in arrays and indirect objects', async () => {
    const bare = tagged('', ['/S/TH/ID(a)', '/S/TD/A[40 0 R 0]'], {
      40: '<</O/Table/Headers 41 0 R>>',
      41: '[(a) 42 0 R]',
      42: '(a_2)',
    });
    const { structure } = await merge([table, bare]);
    expect(entriesOf(structure, 'ID')).toEqual(['(a)', '(b)', undefined, '(a_2)', undefined]);
    const headers = structure.document.context
      .enumerateIndirectObjects()
      .flatMap(([, object]) => (object instanceof PDFDict ? (Structure.text(object, 'Headers') ?? []) : []));
    expect(headers).toEqual(['[ (a_2) (a_2_2) ]']);
  });

  it('are renamed for a repeated page', async () => {
    const { structure } = await merge([table], [{ file: 0 }, { file: 0 }]);
    expect(entriesOf(structure, 'ID')).toEqual(['(a)', '(b)', undefined, '(a_2)', '(b_2)', undefined]);
    expect(structure.outline()).toBe('TH:0/0 TH:0/1 TD:0/2 TH:1/0 TH:1/1 TD:1/2');
  });
});

describe('structure types that files map differently', () => {
  it('are renamed in the later file unless they are equal', async () => {
    const first = tagged('/RoleMap<</Note#201/P/Same/Span/Mine/Sect>>', ['/S/Note#201', '/S/Same', '/S/Mine']);
    const second = tagged('/RoleMap<</Note#201/H2/Same/Span/Yours/Sect>>', ['/S/N#6fte#201', '/S/Same', '/S/Yours']);
    const { structure, renamed } = await merge([first, second]);
    expect(entriesOf(structure, 'S')).toEqual(['/Note#201', '/Same', '/Mine', '/Note#201_2', '/Same', '/Yours']);
    expect(mapOf(structure, 'RoleMap')).toEqual({
      '/Note#201': '/P',
      '/Same': '/Span',
      '/Mine': '/Sect',
      '/Note#201_2': '/H2',
      '/Yours': '/Sect',
    });
    expect(renamed).toEqual([undefined, { 'structure types': { 'Note 1': 'Note 1_2' } }]);
  });

  it('are renamed in elements whose parent and language are set for the target', async () => {
    const inLanguage = (role: string, language: string): Buffer => {
      const file = tagged(`/RoleMap<</Mine/${role}>>`, ['/S/Mine']).toString('latin1');
      return Buffer.from(file.replace('/Type/Catalog', `/Type/Catalog/Lang(${language})`), 'latin1');
    };
    const { structure } = await merge([inLanguage('P', 'de'), inLanguage('H2', 'fr')]);
    expect(entriesOf(structure, 'S')).toEqual(['/Mine', '/Mine_2']);
    expect(entriesOf(structure, 'Lang')).toEqual(['(de)', '(fr)']);
  });

  it('are resolved through chains and cycles', async () => {
    const first = tagged('/RoleMap<</A/B/B/P>>', ['/S/A', '/S/B']);
    const second = tagged('/RoleMap<</A/B/B/H1/X/Y/Y/X>>', ['/S/A', '/S/B', '/S/X']);
    const { structure } = await merge([first, second]);
    expect(entriesOf(structure, 'S')).toEqual(['/A', '/B', '/A_2', '/B_2', '/X']);
    const roles = mapOf(structure, 'RoleMap');
    expect([roles['/A'], roles['/B'], roles['/A_2'], roles['/B_2']]).toEqual(['/B', '/P', '/B_2', '/H1']);
  });

  it('are renamed if they are standard types in the other file', async () => {
    const strange = tagged('/RoleMap<</H1/P/P/P>>', ['/S/H1', '/S/P']);
    const { structure } = await merge([strange, tagged('', ['/S/H1'])]);
    expect(entriesOf(structure, 'S')).toEqual(['/H1_2', '/P', '/H1']);
    expect(mapOf(structure, 'RoleMap')).toEqual({ '/H1_2': '/P' });
    expect(entriesOf((await merge([strange])).structure, 'S')).toEqual(['/H1', '/P']);
  });

  it('are kept in elements of another namespace', async () => {
    const first = tagged('/RoleMap<</A/P>>', ['/S/A']);
    const second = tagged('/RoleMap<</A/H1>>/Namespaces[40 0 R 41 0 R]', ['/S/A/NS 40 0 R', '/S/A/NS 41 0 R'], {
      40: '<</Type/Namespace/NS(http://example.com/ns)>>',
      41: '<</Type/Namespace/NS(http://iso.org/pdf/ssn)>>',
    });
    expect(entriesOf((await merge([first, second])).structure, 'S')).toEqual(['/A', '/A', '/A_2']);
  });
});

describe('attribute classes with different attributes', () => {
  it('are renamed in the later file, and equal ones are shared', async () => {
    const first = tagged('/ClassMap<</C1<</O/Layout/Width 1>>/C2<</O/List>>>>', ['/S/P/C/C1', '/S/P/C[/C2 0]']);
    const second = tagged('/ClassMap<</C1 40 0 R/C2 41 0 R>>', ['/S/P/C/C1', '/S/P/C[/C1 0/C2 1]', '/S/P/C 42 0 R'], {
      40: '<</O/Layout/Width 2>>',
      41: '<</O/List>>',
      42: '[/C2/C1]',
    });
    const { structure, renamed } = await merge([first, second]);
    expect(entriesOf(structure, 'C').map((text) => text?.replace(/\s+/g, ''))).toEqual([
      '/C1',
      '[/C20]',
      '/C1_2',
      '[/C1_20/C21]',
      '[/C2/C1_2]',
    ]);
    expect(mapOf(structure, 'ClassMap')).toEqual({
      '/C1': '<</O/Layout/Width1>>',
      '/C2': '<</O/List>>',
      '/C1_2': '<</O/Layout/Width2>>',
    });
    expect(renamed).toEqual([undefined, { 'attribute classes': { C1: 'C1_2' } }]);
  });
});
