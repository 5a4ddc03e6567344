import { describe, expect, it } from '@jest/globals';
import { PdfDict } from '@pdf-tools/pdf';
import { openBytes } from '@pdf-tools/harness/documents/pdf-folder';
import { textPdf, textStream } from '@pdf-tools/harness/documents/text-pdf';
import { produce } from '@pdf-tools/harness/documents/workshop';
import operation from './definition.js';

const SIGNATURE = '<< /Type /Sig /Filter /Adobe.PPKLite /ByteRange [0 10 20 30] /Contents <00> >>';
const WIDGET = '/Type /Annot /Subtype /Widget /Rect [0 0 9 9]';

/** A one-page document with a long content stream and additional entries and objects. */
function signed(parts: { catalog?: string; page?: string; more: Readonly<Record<number, string>> }): Buffer {
  return textPdf({
    1: `<< /Type /Catalog /Pages 2 0 R ${parts.catalog ?? ''} >>`,
    2: '<< /Type /Pages /Count 1 /Kids [3 0 R] >>',
    3: `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R ${parts.page ?? ''} >>`,
    4: textStream('0 0 m 9 9 l S\n'.repeat(500)),
    ...parts.more,
  });
}

const SIGNED: readonly (readonly [string, Buffer])[] = [
  [
    'a field of the form',
    signed({
      catalog: '/AcroForm << /SigFlags 3 /Fields [5 0 R] >>',
      page: '/Annots [5 0 R]',
      more: { 5: `<< ${WIDGET} /FT /Sig /T (sign) /V 6 0 R >>`, 6: SIGNATURE },
    }),
  ],
  [
    'a parent field',
    signed({
      catalog: '/AcroForm << /SigFlags 3 /Fields [5 0 R] >>',
      page: '/Annots [7 0 R]',
      more: {
        5: '<< /FT /Sig /T (sign) /V 6 0 R /Kids [7 0 R] >>',
        6: SIGNATURE,
        7: `<< ${WIDGET} /Parent 5 0 R >>`,
      },
    }),
  ],
  [
    'a widget that the form does not list',
    signed({ page: '/Annots [5 0 R]', more: { 5: `<< ${WIDGET} /FT /Sig /V 6 0 R >>`, 6: SIGNATURE } }),
  ],
  ['usage rights', signed({ catalog: '/Perms << /UR3 5 0 R >>', more: { 5: SIGNATURE } })],
];

describe('compress-pdf of a document signed in', () => {
  it.each(SIGNED)('%s returns it unchanged', async (_where, bytes) => {
    const product = await produce(operation, [['a.pdf', bytes]]);
    expect(product.bytes.equals(bytes)).toBe(true);
    expect(product.result.report).toMatchObject({
      unchanged: true,
      reason: 'signed',
      notes: [expect.stringContaining('on_signed=compress')],
    });
  });

  it.each(SIGNED)('%s removes its signatures if asked to', async (_where, bytes) => {
    const { bytes: result, result: product } = await produce(operation, [['a.pdf', bytes]], {
      params: { on_signed: 'compress' },
    });
    expect(result.length).toBeLessThan(bytes.length / 2);
    const file = openBytes(result);
    const objects = [...file.numbers()].map((num) => file.load(num));
    expect(objects.filter((object) => object instanceof PdfDict && object.has('ByteRange'))).toEqual([]);
    expect(file.catalog.has('Perms')).toBe(false);
    expect(product.report).toMatchObject({ unchanged: false, notes: [expect.stringContaining('removed')] });
  });

  it('keeps the cleared field and removes the flag for append-only files', async () => {
    const { bytes } = await produce(operation, [['a.pdf', SIGNED[0]?.[1] ?? Buffer.alloc(0)]], {
      params: { on_signed: 'compress' },
    });
    const file = openBytes(bytes);
    const form = file.catalogEntry('AcroForm');
    if (!(form instanceof PdfDict)) throw new Error('the form is gone');
    expect(form.get('SigFlags')).toBe(1);
    const fields = file.resolve(form.get('Fields'));
    const field = Array.isArray(fields) ? file.resolve(fields[0]) : null;
    expect(field instanceof PdfDict && [field.has('T'), field.has('V')]).toEqual([true, false]);
  });
});

it('compress-pdf does not treat a signature field without a value as a signature', async () => {
  const bytes = signed({
    catalog: '/AcroForm << /SigFlags 1 /Fields [5 0 R] >>',
    page: '/Annots [5 0 R]',
    more: { 5: `<< ${WIDGET} /FT /Sig /T (sign) >>` },
  });
  const { result } = await produce(operation, [['a.pdf', bytes]]);
  expect(result.report).toMatchObject({ unchanged: false });
});
