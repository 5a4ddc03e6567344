import { describe, expect, it } from '@jest/globals';
import { SAMPLE_CMYK_JPEG } from '@pdf-tools/harness/documents/sample-images';
import { compressImage } from '@pdf-tools/harness/documents/square-image';
import { PdfName, PdfString } from '@pdf-tools/pdf';
import operation from '../definition.js';

describe('the meaning of samples', () => {
  it('is kept in a CMYK JPEG without the marker of Adobe', async () => {
    const entries = '/ColorSpace /DeviceCMYK /Width 64 /Height 64 /BitsPerComponent 8 /Filter /DCTDecode';
    const { image } = await compressImage(operation, entries, SAMPLE_CMYK_JPEG, { points: 8 });
    const space = image.dict.get('ColorSpace');
    const [family, base, last, palette] = Array.isArray(space) ? space : [];
    expect([family, base, last]).toEqual([new PdfName('Indexed'), new PdfName('DeviceCMYK'), 0]);
    expect(palette instanceof PdfString && [...palette.bytes]).toEqual([200, 40, 90, 20]);
  });
});
