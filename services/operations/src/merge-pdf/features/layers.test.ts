import { describe, expect, it } from '@jest/globals';
import { PDFArray, PDFDict, PDFDocument, PDFName, PDFRef, PDFString } from 'pdf-lib';
import type { PDFObject } from 'pdf-lib';
import { textPdf, textStream } from '@pdf-tools/harness/documents/text-pdf';
import { produce } from '@pdf-tools/harness/documents/workshop';
import operation from '../definition.js';

/** Two pages. The first draws layers 20 and 21, the second draws layer 22. `properties` are entries beside /OCGs. */
function layered(names: readonly [string, string, string], properties: string, groups = ''): Buffer {
  const layers = names.map((name, at) => [20 + at, `<</Type/OCG/Name(${name})${at === 0 ? groups : ''}>>`] as const);
  const page = (properties: string, contents: number): string =>
    `<</Type/Page/Parent 2 0 R/MediaBox[0 0 90 90]/Resources<</Properties<<${properties}>>>>/Contents ${contents} 0 R>>`;
  return textPdf({
    1: `<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[20 0 R 21 0 R 22 0 R]${properties}>>>>`,
    2: '<</Type/Pages/Kids[10 0 R 11 0 R]/Count 2>>',
    10: page('/A 20 0 R/B 21 0 R', 12),
    11: page('/C 22 0 R', 13),
    12: textStream('/OC /A BDC 0 0 30 90 re f EMC /OC /B BDC 60 0 30 90 re f EMC'),
    13: textStream('/OC /C BDC 0 0 90 90 re f EMC'),
    ...Object.fromEntries(layers),
  });
}

class Read {
  private constructor(
    readonly document: PDFDocument,
    readonly properties: PDFDict,
    readonly report: unknown,
  ) {}

  static async merge(files: readonly Buffer[], items: readonly unknown[] = []): Promise<Read> {
    const named = files.map((bytes, at) => [`${at}.pdf`, bytes] as const);
    const { bytes, result } = await produce(operation, named, { params: { items } });
    const document = await PDFDocument.load(bytes);
    return new Read(document, document.catalog.lookup(PDFName.of('OCProperties'), PDFDict), result.report);
  }

  get initial(): PDFDict {
    return this.properties.lookup(PDFName.of('D'), PDFDict);
  }

  get others(): PDFDict[] {
    const configs = this.properties.lookup(PDFName.of('Configs'), PDFArray);
    return configs.asArray().map((config) => this.document.context.lookup(config, PDFDict));
  }

  /** The layer names of an entry as nested arrays. Labels start with `#`. */
  names(dict: PDFDict, key: string): unknown {
    return this.#value(dict.get(PDFName.of(key)));
  }

  #value(object: PDFObject | undefined): unknown {
    const value = this.document.context.lookup(object);
    if (value instanceof PDFArray) return value.asArray().map((item) => this.#value(item));
    if (value instanceof PDFString) return `#${value.asString()}`;
    if (!(value instanceof PDFDict)) return value?.toString();
    const name = value.get(PDFName.of('Name'));
    if (name instanceof PDFString) return name.asString();
    return Object.fromEntries(value.entries().map(([key, entry]) => [key.asString(), this.#value(entry)]));
  }

  /** The names of the layers that the content of a page uses. */
  used(page: number): unknown {
    const properties = this.document.getPage(page).node.Resources()?.lookup(PDFName.of('Properties'), PDFDict);
    return properties?.values().map((layer) => this.#value(layer));
  }

  layerRefs(page: number): PDFObject[] {
    return this.document.getPage(page).node.Resources()?.lookup(PDFName.of('Properties'), PDFDict).values() ?? [];
  }
}

const simple = layered(['a', 'b', 'c'], '/D<</OFF[21 0 R]/Order[20 0 R[(more)21 0 R]]>>');

describe('layers of several files', () => {
  it('keep their visibility and are listed under the names of their files', async () => {
    const other = layered(['d', 'e', 'f'], '/D<</BaseState/OFF/ON[20 0 R]/Order[20 0 R 21 0 R 22 0 R]>>');
    const read = await Read.merge([simple, other]);
    expect(read.names(read.properties, 'OCGs')).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(read.names(read.initial, 'BaseState')).toBe('/ON');
    expect(read.names(read.initial, 'OFF')).toEqual(['b', 'e', 'f']);
    expect(read.names(read.initial, 'ON')).toEqual(['d']);
    expect(read.names(read.initial, 'Order')).toEqual([
      ['#0.pdf', 'a', ['#more', 'b']],
      ['#1.pdf', 'd', 'e', 'f'],
    ]);
    expect([read.used(0), read.used(3)]).toEqual([['a', 'b'], ['f']]);
    const listed = read.properties.lookup(PDFName.of('OCGs'), PDFArray).asArray();
    expect(listed).toEqual(expect.arrayContaining(read.layerRefs(2)));
  });

  it('keep locked, exclusive and automatic layers', async () => {
    const rich = layered(
      ['d', 'e', 'f'],
      '/D<</Locked[21 0 R]/RBGroups[[20 0 R 21 0 R][]]/AS[<</Event/Print/OCGs[20 0 R 99 0 R]/Category[/Print]>>]>>',
    );
    const read = await Read.merge([rich, simple, rich, layered(['g', 'h', 'i'], '/D<</Order[]>>')]);
    expect(read.names(read.initial, 'Locked')).toEqual(['e', 'e']);
    expect(read.names(read.initial, 'RBGroups')).toEqual([
      ['d', 'e'],
      ['d', 'e'],
    ]);
    const automatic = { '/Event': '/Print', '/OCGs': ['d'], '/Category': ['/Print'] };
    expect(read.names(read.initial, 'AS')).toEqual([automatic, automatic]);
    expect(read.names(read.initial, 'Order')).toEqual([['#1.pdf', 'a', ['#more', 'b']]]);
  });

  it('keep other configurations without changing the layers of other files', async () => {
    const configs = '/Configs[<</Name(x)/BaseState/OFF/ON[21 0 R]>><</Name(y)/OFF[20 0 R]>>]';
    const read = await Read.merge([layered(['d', 'e', 'f'], `/D<<>>${configs}`), simple]);
    expect(
      read.others.map((config) => ['Name', 'BaseState', 'ON', 'OFF'].map((key) => read.names(config, key))),
    ).toEqual([
      ['#x', '/Unchanged', ['e'], ['d', 'f']],
      ['#y', '/Unchanged', ['e', 'f'], ['d']],
    ]);
  });

  it('stay without effect if their intent had none', async () => {
    const design = layered(['d', 'e', 'f'], '/D<</OFF[20 0 R 21 0 R]>>', '/Intent/Design');
    const other = layered(['g', 'h', 'i'], '/D<</OFF[20 0 R]/Intent[/View/Design]>>', '/Intent/Design');
    const read = await Read.merge([design, other]);
    expect(read.names(read.initial, 'OFF')).toEqual(['e', 'g']);
    expect(read.names(read.initial, 'Intent')).toEqual(['/View', '/Design']);
  });

  it('are reported if their configurations cannot be combined', async () => {
    const seen = layered(['d', 'e', 'f'], '/D<</Name(two)/ListMode/VisiblePages>>');
    const read = await Read.merge([layered(['a', 'b', 'c'], '/D<</Name(one)>>'), seen]);
    expect(read.names(read.initial, 'Name')).toBe('#one');
    expect(read.names(read.initial, 'ListMode')).toBeUndefined();
    expect(read.report).toMatchObject({
      files: [
        { index: 0 },
        {
          not_kept: ['name of its configuration of layers', 'listing of layers by the pages that are seen'],
        },
      ],
    });
  });

  it('are shared by repeated pages', async () => {
    const read = await Read.merge(
      [simple, layered(['d', 'e', 'f'], '')],
      [{ file: 0 }, { file: 1 }, { file: 0, pages: '1' }],
    );
    expect(read.names(read.properties, 'OCGs')).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(read.layerRefs(4)).toEqual(read.layerRefs(0));
    expect(read.layerRefs(4)[0]).toBeInstanceOf(PDFRef);
  });

  it('stop at cycles in the order', async () => {
    const looped = textPdf({
      1: '<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[20 0 R]/D<</Order 30 0 R>>>>>>',
      2: '<</Type/Pages/Kids[10 0 R]/Count 1>>',
      10: '<</Type/Page/Parent 2 0 R/MediaBox[0 0 90 90]>>',
      20: '<</Type/OCG/Name(z)>>',
      30: '[20 0 R 31 0 R]',
      31: '[30 0 R 31 0 R 20 0 R]',
    });
    const read = await Read.merge([looped, simple]);
    expect(read.names(read.initial, 'Order')).toEqual([
      ['#0.pdf', 'z', ['z']],
      ['#1.pdf', 'a', ['#more', 'b']],
    ]);
  });
});

describe('layers of one file in a merge', () => {
  it('keep their configuration', async () => {
    const bare = textPdf({
      1: '<</Type/Catalog/Pages 2 0 R>>',
      2: '<</Type/Pages/Kids[10 0 R]/Count 1>>',
      10: '<</Type/Page/Parent 2 0 R/MediaBox[0 0 90 90]>>',
    });
    const read = await Read.merge([bare, simple, bare]);
    expect(read.names(read.initial, 'OFF')).toEqual(['b']);
    expect(read.names(read.initial, 'Order')).toEqual(['a', ['#more', 'b']]);
    expect(read.used(1)).toEqual(['a', 'b']);
  });
});
