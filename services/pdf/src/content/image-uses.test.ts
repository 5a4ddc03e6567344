import { describe, expect, it } from '@jest/globals';
import {
  IMAGE_RESOURCES,
  drawingPdf,
  drawnSize,
  form,
  image,
  imageUsesOf,
} from '@pdf-tools/harness/documents/drawing-pdf';
import { textStream } from '@pdf-tools/harness/documents/text-pdf';
import { sourceNumber } from '../syntax/object-numbers.js';

describe('collectImageUses()', () => {
  it('reads the size from the current matrix', async () => {
    expect(await drawnSize(drawingPdf('q 100 0 0 50 7 8 cm /Im Do Q'))).toEqual([100, 50]);
  });

  it('takes both side lengths of a rotated image', async () => {
    expect(await drawnSize(drawingPdf('q 0 30 -40 0 0 0 cm /Im Do Q'))).toEqual([30, 40]);
    expect(await drawnSize(drawingPdf('q 30 40 0 7 0 0 cm /Im Do Q'))).toEqual([50, 7]);
  });

  it('combines matrices and restores them with Q', async () => {
    expect(await drawnSize(drawingPdf('2 0 0 3 0 0 cm q 10 0 0 10 0 0 cm Q 5 0 0 5 0 0 cm /Im Do'))).toEqual([10, 15]);
  });

  it('uses the largest size of each side and counts the uses', async () => {
    const uses = await imageUsesOf(drawingPdf('q 100 0 0 1 0 0 cm /Im Do Q q 1 0 0 70 0 0 cm /Im Do Q'));
    expect(uses.images.get(sourceNumber(10))).toMatchObject({ page: 1, widthPoints: 100, heightPoints: 70, uses: 2 });
  });

  it('multiplies with UserUnit', async () => {
    expect(await drawnSize(drawingPdf('10 0 0 20 0 0 cm /Im Do', {}, { entries: '/UserUnit 2.5' }))).toEqual([25, 50]);
  });

  it('follows nested forms and their matrices', async () => {
    const forms = {
      11: form('3 0 0 3 0 0 cm /Inner Do', '/Matrix [2 0 0 1 0 0] /Resources << /XObject << /Inner 12 0 R >> >>'),
      12: form('/Im Do', `/Matrix [5 0 0 7 0 0] ${IMAGE_RESOURCES}`),
    };
    expect(await drawnSize(drawingPdf('10 0 0 10 0 0 cm /Fm Do', forms, { xobjects: '/Fm 11 0 R' }))).toEqual([
      300, 210,
    ]);
  });

  it('resolves names of a form without resources in the content that draws it', async () => {
    const forms = { 11: form('8 0 0 9 0 0 cm /Im Do') };
    expect(await drawnSize(drawingPdf('/Fm Do', forms, { xobjects: '/Fm 11 0 R' }))).toEqual([8, 9]);
  });

  it("reads a form again for another caller if it needs the caller's resources", async () => {
    const objects = {
      2: '<< /Type /Pages /Kids [3 0 R 5 0 R] /Count 2 >>',
      3: '<< /Type /Page /Contents 4 0 R /Resources << /XObject << /Fm 11 0 R >> >> >>',
      5: '<< /Type /Page /Contents 4 0 R /Resources << /XObject << /Fm 11 0 R /Im 10 0 R >> >> >>',
      4: textStream('2 0 0 2 0 0 cm /Fm Do'),
      10: image(),
      11: form('8 0 0 9 0 0 cm /Im Do'),
    };
    expect((await imageUsesOf(objects)).images.get(sourceNumber(10))).toMatchObject({
      page: 2,
      widthPoints: 16,
      heightPoints: 18,
    });
  });

  it('resolves escaped names and indirect resources', async () => {
    const objects = {
      ...drawingPdf('5 0 0 6 0 0 cm /I#6d Do'),
      10: textStream('\0', '/Subtype 20 0 R /Width 1 /Height 1'),
      20: '/Image',
    };
    expect(await drawnSize(objects)).toEqual([5, 6]);
  });

  it('joins the streams of a page', async () => {
    const objects = {
      ...drawingPdf('5 0 0 6 0 0'),
      3: '<< /Type /Page /Contents [4 0 R 5 0 R] /Resources << /XObject << /Im 10 0 R >> >> >>',
      5: textStream('cm /Im Do'),
    };
    expect(await drawnSize(objects)).toEqual([5, 6]);
  });

  it('scales a tiling pattern with the matrix of the page, not with the current one', async () => {
    const pattern = textStream(
      '6 0 0 7 0 0 cm /Im Do',
      `/PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 9 /YStep 9 /Matrix [2 0 0 3 0 0] ${IMAGE_RESOURCES}`,
    );
    const objects = drawingPdf(
      '50 0 0 50 0 0 cm /Pattern cs /P scn 0 0 1 1 re f',
      { 11: pattern },
      { resources: '/Pattern << /P 11 0 R >>' },
    );
    expect(await drawnSize(objects)).toEqual([12, 21]);
  });

  it('scales a pattern in a form with the matrix of the form', async () => {
    const objects = drawingPdf(
      '4 0 0 4 0 0 cm /Fm Do',
      {
        11: textStream('/Im Do', `/PatternType 1 /Matrix [2 0 0 3 0 0] ${IMAGE_RESOURCES}`),
        12: form('9 0 0 9 0 0 cm /P scn', '/Matrix [10 0 0 10 0 0] /Resources << /Pattern << /P 11 0 R >> >>'),
      },
      { xobjects: '/Fm 12 0 R' },
    );
    expect(await drawnSize(objects)).toEqual([80, 120]);
  });

  it('draws the group of a soft mask with the matrix at the gs operator', async () => {
    const objects = drawingPdf(
      '2 0 0 2 0 0 cm /Soft gs 100 0 0 100 0 0 cm',
      { 11: form('7 0 0 8 0 0 cm /Im Do', `/Group << /S /Transparency >> ${IMAGE_RESOURCES}`) },
      { resources: '/ExtGState << /Soft << /SMask << /S /Luminosity /G 11 0 R >> >> >>' },
    );
    expect(await drawnSize(objects)).toEqual([14, 16]);
  });

  it('draws the glyphs of a Type 3 font that shows text', async () => {
    const font = {
      11: '<< /Type /Font /Subtype /Type3 /FontMatrix [0.1 0 0 0.1 0 0] /CharProcs << /a 12 0 R >> /Resources << /XObject << /Im 10 0 R >> >> >>',
      12: textStream('1000 0 d0 8 0 0 5 0 0 cm /Im Do'),
    };
    const resources = '/Font << /F 11 0 R >>';
    const shown = drawingPdf('BT /F 10 Tf 200 Tz 3 0 0 3 0 0 Tm (a) Tj ET', font, { resources });
    expect(await drawnSize(shown)).toEqual([48, 15]);
    expect(await drawnSize(drawingPdf('BT /F 10 Tf ET', font, { resources }))).toBeUndefined();
  });

  it('fits an appearance to the rectangle of its annotation, in all modes and states', async () => {
    const annotation = (appearance: string): Readonly<Record<number, string>> =>
      drawingPdf(
        '',
        {
          11: `<< /Type /Annot /Subtype /Stamp /Rect [100 100 160 120] /AP << ${appearance} >> >>`,
          12: textStream('5 0 0 5 0 0 cm /Im Do', `/BBox [0 0 20 10] /Matrix [0 1 -1 0 0 0] ${IMAGE_RESOURCES}`),
        },
        { entries: '/Annots [11 0 R]' },
      );
    // The rotated box is 10 wide and 20 high. The rectangle is 60 by 20, so the factors are 6 and 1.
    expect(await drawnSize(annotation('/N 12 0 R'))).toEqual([5, 30]);
    expect(await drawnSize(annotation('/D << /On 12 0 R /Off null >>'))).toEqual([5, 30]);
  });

  it('gives masks the size of the images that they mask', async () => {
    const uses = await imageUsesOf(
      drawingPdf('30 0 0 40 0 0 cm /Im Do', { 10: image('/SMask 11 0 R /Mask 12 0 R'), 11: image(), 12: image() }),
    );
    expect(uses.images.get(sourceNumber(10))).toMatchObject({ onlyAsImage: true, onlyAsMask: false });
    for (const mask of [11, 12]) {
      expect(uses.images.get(sourceNumber(mask))).toMatchObject({
        page: 1,
        widthPoints: 30,
        heightPoints: 40,
        uses: 1,
      });
      expect(uses.images.get(sourceNumber(mask))).toMatchObject({ onlyAsImage: false, onlyAsMask: true });
    }
  });

  it.each([
    ['a thumbnail', { 20: '<< /Thumb 10 0 R >>' }],
    ['a mask', { 20: image('/SMask 10 0 R') }],
    ['an alternate image', { 20: image('/Alternates [<< /Image 10 0 R >>]') }],
    ['private data', { 20: '<< /PieceInfo << /App << /Private << /Preview 10 0 R >> >> >> >>' }],
    ['resources that no content draws from', { 20: form('', IMAGE_RESOURCES) }],
    ['an object that is only a reference', { 20: '10 0 R' }],
  ])('reports that an image is also used as %s', async (_role, more) => {
    const uses = await imageUsesOf(drawingPdf('/Im Do', more));
    expect(uses.images.get(sourceNumber(10))).toMatchObject({ onlyAsImage: false, onlyAsMask: false });
  });

  it.each([
    [
      'inherited by the page',
      { 2: `<< /Type /Pages /Kids [3 0 R] ${IMAGE_RESOURCES} >>`, 3: '<< /Type /Page /Contents 4 0 R >>' },
    ],
    [
      'in objects of their own',
      { 3: '<< /Type /Page /Contents 4 0 R /Resources 20 0 R >>', 20: '<< /XObject 21 0 R >>', 21: '<< /Im 10 0 R >>' },
    ],
  ])('recognizes resources that are %s', async (_where, more) => {
    expect((await imageUsesOf(drawingPdf('/Im Do', more))).images.get(sourceNumber(10))).toMatchObject({
      onlyAsImage: true,
    });
  });

  it('counts inline images and describes the large ones', async () => {
    const small = 'q 9 0 0 9 0 0 cm BI /W 2 /H 2 /BPC 8 /CS /G ID 1234 EI Q';
    const large = `q 50 0 0 60 0 0 cm BI /W 100 /H 50 /BPC 8 /CS /G ID ${'x EI Q '.repeat(1000).slice(0, 5000)}\nEI Q`;
    const uses = await imageUsesOf(drawingPdf(`${small} ${large} 3 0 0 3 0 0 cm /Im Do`));
    expect(uses.inline).toEqual({
      count: 2,
      bytes: 5004,
      large: [{ page: 1, content: 0, bytes: 5000, widthPoints: 50, heightPoints: 60 }],
    });
    expect(uses.images.get(sourceNumber(10))).toMatchObject({ widthPoints: 3 });
  });
});
