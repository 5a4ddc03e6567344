import { describe, expect, it } from '@jest/globals';
import { PdfDict, pageDict, readPageTree } from '@pdf-tools/pdf';
import type { PdfFile } from '@pdf-tools/pdf';
import { openBytes } from '@pdf-tools/harness/documents/pdf-folder';
import { textPdf, textStream } from '@pdf-tools/harness/documents/text-pdf';
import { produce } from '@pdf-tools/harness/documents/workshop';
import operation from './definition.js';

const IMAGE = textStream(
  'a'.repeat(4000),
  '/Type /XObject /Subtype /Image /Width 1 /Height 4000 /BitsPerComponent 8 /ColorSpace /DeviceGray',
);
const BOTH = '/XObject << /Used 30 0 R /Unused 31 0 R >>';
const OBJECTS = { 30: IMAGE, 31: IMAGE.replace('aaa', 'bbb') };

function page(contents: string, resources: string): string {
  return `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${contents} /Resources ${resources} >>`;
}

async function compress(
  pages: readonly string[],
  objects: Readonly<Record<number, string>>,
  catalog = '',
): Promise<PdfFile> {
  const input = textPdf({
    1: `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
    2: `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_page, at) => `${at + 3} 0 R`).join(' ')}] >>`,
    ...Object.fromEntries(pages.map((text, at) => [at + 3, text])),
    ...OBJECTS,
    ...objects,
  });
  const { bytes } = await produce(operation, [['a.pdf', input]]);
  return openBytes(bytes);
}

/** The names of the XObjects in the resources of a page. */
function namesOf(file: PdfFile, number = 1): string[] {
  const page = readPageTree(file).pages[number - 1];
  const resources = page ? file.resolve(pageDict(file, page).get('Resources')) : null;
  const xobjects = resources instanceof PdfDict ? file.resolve(resources.get('XObject')) : null;
  return xobjects instanceof PdfDict ? [...xobjects.keys()] : [];
}

describe('compress-pdf drops a resource that nothing uses', () => {
  it.each([
    ['of a page', [page('20 0 R', `<< ${BOTH} >>`)], {}],
    ['in a dictionary of its own', [page('20 0 R', '21 0 R')], { 21: `<< ${BOTH} >>` }],
    ['in a category of its own', [page('20 0 R', '<< /XObject 21 0 R >>')], { 21: BOTH.slice('/XObject'.length) }],
  ])('%s', async (_where, pages, objects) => {
    const file = await compress(pages, { 20: textStream('/Used Do'), ...objects });
    expect(namesOf(file)).toEqual(['Used']);
    expect([...file.numbers()].filter((num) => file.load(num) !== null).length).toBeLessThan(10);
  });
});

describe('compress-pdf keeps a resource that', () => {
  it('another page with the same dictionary uses', async () => {
    const file = await compress([page('20 0 R', '21 0 R'), page('22 0 R', '21 0 R')], {
      20: textStream('/Used Do'),
      21: `<< ${BOTH} >>`,
      22: textStream('/Unused Do'),
    });
    expect(namesOf(file)).toEqual(['Used', 'Unused']);
  });

  it('a form without resources uses', async () => {
    const file = await compress([page('20 0 R', '<< /XObject << /Unused 31 0 R /Form 22 0 R >> >>')], {
      20: textStream('/Form Do'),
      22: textStream('/Unused Do', '/Type /XObject /Subtype /Form /BBox [0 0 595 842]'),
    });
    expect(namesOf(file)).toEqual(['Unused', 'Form']);
  });

  it('content which is not understood may use', async () => {
    const file = await compress([page('20 0 R', `<< ${BOTH} >>`)], { 20: textStream('/Used Do 1 unknown') });
    expect(namesOf(file)).toEqual(['Used', 'Unused']);
  });

  it('an object outside of the pages refers to through the same dictionary', async () => {
    const file = await compress(
      [page('20 0 R', '21 0 R')],
      { 20: textStream('/Used Do'), 21: `<< ${BOTH} >>` },
      '/Private << /Resources 21 0 R >>',
    );
    expect(namesOf(file)).toEqual(['Used', 'Unused']);
  });
});
