import { describe, expect, it } from '@jest/globals';
import { PdfDict, PdfStream, readPageTree, serialize, sourceNumber } from '@pdf-tools/pdf';
import { pagesPdf } from '@pdf-tools/harness/documents/pages-pdf';
import { openBytes } from '@pdf-tools/harness/documents/pdf-folder';
import { textStream } from '@pdf-tools/harness/documents/text-pdf';
import { produce } from '@pdf-tools/harness/documents/workshop';
import operation from './definition.js';

describe('names with number signs', () => {
  it.each(['F#zz', 'F#4z', 'F#', 'F##', 'F#00', 'F#2320'])('still refer to the same resource: /%s', async (name) => {
    const page = `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 20 0 R /Resources << /Font << /${name} 3 0 R >> >> >>`;
    const content = textStream(`BT /${name} 9 Tf (text) Tj ET`);
    const document = pagesPdf('A', 1, { objects: { 10: page, 20: content } });
    const { bytes } = await produce(operation, [['a.pdf', document]]);
    const file = openBytes(bytes);
    const dict = file.load(sourceNumber(readPageTree(file).pages[0]?.num ?? 0));
    const resources = dict instanceof PdfDict ? file.resolve(dict.get('Resources')) : null;
    expect(serialize(resources)).toContain(`/${name} `);
    const contents = dict instanceof PdfDict ? file.resolve(dict.get('Contents')) : null;
    expect(contents instanceof PdfStream && file.decoded(contents).bytes.toString()).toContain(`/${name} `);
  });

  it('are recognized if they are written with escapes', async () => {
    const objects = {
      20: '<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /#44est [1 /Fit] /Struct#50arent 0 >>',
      21: '<< /Type /Annot /Subtype /#57idget /FT /Tx /T (name) /Rect [0 0 9 9] >>',
      22: '<< /Typ#65 /P#61ge /Parent 2 0 R /Secret (a page that is not in the tree) >>',
    };
    const page = '/Annots [20 0 R 21 0 R] /PieceInfo << /X << /Private 22 0 R >> >>';
    const options = { objects, page: (at: number) => (at === 0 ? page : ''), catalog: '/AcroForm << /Fields [] >>' };
    const document = pagesPdf('A', 2, options);
    const { bytes, result } = await produce(operation, [['a.pdf', document] as const, ['b.pdf', document] as const]);
    const file = openBytes(bytes);
    const texts = [...file.numbers()].map((num) => serialize(file.load(num)));
    expect(texts.filter((text) => text.includes('/Link')).map((text) => /Parent (\d)/.exec(text)?.[1])).toEqual([
      '0',
      '1',
    ]);
    expect(texts.filter((text) => /\/Dest\[\d+ 0 R\/Fit/.test(text))).toHaveLength(2);
    expect(texts.filter((text) => text.includes('Secret'))).toEqual([]);
    expect(JSON.stringify(result.report)).toContain('"name":"name_2"');
  });
});
