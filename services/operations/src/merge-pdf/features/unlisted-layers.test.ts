import { describe, expect, it } from '@jest/globals';
import { serialize } from '@pdf-tools/pdf';
import { pagesPdf } from '@pdf-tools/harness/documents/pages-pdf';
import { openBytes } from '@pdf-tools/harness/documents/pdf-folder';
import { textStream } from '@pdf-tools/harness/documents/text-pdf';
import { produce } from '@pdf-tools/harness/documents/workshop';
import operation from '../definition.js';

const LISTED = '/OCProperties << /OCGs [30 0 R] /D << /BaseState /OFF /ON [30 0 R] >> >>';

/** A page with content in a layer and in a membership dictionary, and an annotation and a form in a layer. */
function layered(catalog: string): Buffer {
  return pagesPdf('LAYERS', 1, {
    catalog,
    objects: {
      10: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 20 0 R /Annots [21 0 R] /Resources << /XObject << /X 22 0 R >> /Properties << /A 30 0 R /B 31 0 R >> >> >>',
      20: textStream('/OC /A BDC EMC /OC /B BDC EMC /X Do'),
      21: '<< /Type /Annot /Subtype /Square /Rect [0 0 9 9] /OC 31 0 R >>',
      22: textStream('', '/Type /XObject /Subtype /Form /BBox [0 0 9 9] /OC 30 0 R'),
      30: '<< /Type /OCG /Name (one) >>',
      31: '<< /Type /OCMD /OCGs [30 0 R] >>',
    },
  });
}

/** The number of layers and memberships in a merge, and of objects that are only shown with one. */
async function countLayers(...files: Buffer[]): Promise<readonly [number, number]> {
  const named = files.map((bytes, at) => [`${at}.pdf`, bytes] as const);
  const { bytes } = await produce(operation, named);
  const file = openBytes(bytes);
  const dicts = [...file.numbers()].map((num) => file.load(num));
  const texts = dicts.map((object) =>
    serialize(object !== null && typeof object === 'object' && 'dict' in object ? object.dict : object),
  );
  return [
    texts.filter((text) => /\/Type\/OC(?:G|MD)/.test(text)).length,
    texts.filter((text) => /\/OC \d/.test(text)).length,
  ];
}

describe('layers of a document without a list of layers', () => {
  it('become plain content next to those of another document', async () => {
    expect(await countLayers(layered(LISTED), layered(''))).toEqual([2, 2]);
    expect(await countLayers(layered(''), layered(LISTED))).toEqual([2, 2]);
  });

  it('are unchanged if no document lists any', async () => {
    expect(await countLayers(layered(''), layered(''))).toEqual([4, 4]);
  });
});
