import { describe, expect, it } from '@jest/globals';
import { textPdf, textStream } from '../../testing/text-pdf.js';
import { readPageTree } from '../document/page-tree.js';
import { MemorySource } from '../file/byte-source.js';
import { PdfFile } from '../file/pdf-file.js';
import { collectImageUses } from './image-uses.js';
import type { ImageUses } from './image-uses.js';

const IMAGE = textStream(
  '\0',
  '/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray',
);

function collect(objects: Readonly<Record<number, string>>): Promise<ImageUses> {
  const file = new PdfFile(new MemorySource(textPdf({ 1: '<< /Type /Catalog /Pages 2 0 R >>', ...objects })));
  return collectImageUses(file, readPageTree(file).pages, { signal: new AbortController().signal });
}

/** A document of one page with this content; image 10 is `/Im`, and `resources` and `entries` come on top. */
function pageWith(
  content: string,
  more: Readonly<Record<number, string>> = {},
  { xobjects = '', resources = '', entries = '' } = {},
): Readonly<Record<number, string>> {
  return {
    2: '<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 600 800] >>',
    3: `<< /Type /Page /Parent 2 0 R /Contents 4 0 R ${entries} /Resources << ${resources} /XObject << /Im 10 0 R ${xobjects} >> >> >>`,
    4: textStream(content),
    10: IMAGE,
    ...more,
  };
}

function form(content: string, entries = ''): string {
  return textStream(content, `/Type /XObject /Subtype /Form /BBox [0 0 1 1] ${entries}`);
}

const IMAGE_RESOURCES = '/Resources << /XObject << /Im 10 0 R >> >>';

/** The drawn size of image 10 in points. */
async function sizeOf(objects: Readonly<Record<number, string>>): Promise<[number, number] | undefined> {
  const use = (await collect(objects)).images.get(10);
  return use && [Math.round(use.widthPoints * 1e6) / 1e6, Math.round(use.heightPoints * 1e6) / 1e6];
}

describe('collectImageUses()', () => {
  it('reads the size from the current matrix', async () => {
    expect(await sizeOf(pageWith('q 100 0 0 50 7 8 cm /Im Do Q'))).toEqual([100, 50]);
  });

  it('takes the lengths of both sides of an image that is rotated', async () => {
    expect(await sizeOf(pageWith('q 0 30 -40 0 0 0 cm /Im Do Q'))).toEqual([30, 40]);
    expect(await sizeOf(pageWith('q 30 40 0 7 0 0 cm /Im Do Q'))).toEqual([50, 7]);
  });

  it('combines matrices and restores them with Q', async () => {
    expect(await sizeOf(pageWith('2 0 0 3 0 0 cm q 10 0 0 10 0 0 cm Q 5 0 0 5 0 0 cm /Im Do'))).toEqual([10, 15]);
  });

  it('takes the largest use of each side and counts the uses', async () => {
    const uses = await collect(pageWith('q 100 0 0 1 0 0 cm /Im Do Q q 1 0 0 70 0 0 cm /Im Do Q'));
    expect(uses.images.get(10)).toMatchObject({ page: 1, widthPoints: 100, heightPoints: 70, uses: 2 });
  });

  it('multiplies with UserUnit', async () => {
    expect(await sizeOf(pageWith('10 0 0 20 0 0 cm /Im Do', {}, { entries: '/UserUnit 2.5' }))).toEqual([25, 50]);
  });

  it('goes through nested forms and their matrices', async () => {
    const forms = {
      11: form('3 0 0 3 0 0 cm /Inner Do', '/Matrix [2 0 0 1 0 0] /Resources << /XObject << /Inner 12 0 R >> >>'),
      12: form('/Im Do', `/Matrix [5 0 0 7 0 0] ${IMAGE_RESOURCES}`),
    };
    expect(await sizeOf(pageWith('10 0 0 10 0 0 cm /Fm Do', forms, { xobjects: '/Fm 11 0 R' }))).toEqual([300, 210]);
  });

  it('gives a form without resources those of what draws it', async () => {
    const forms = { 11: form('8 0 0 9 0 0 cm /Im Do') };
    expect(await sizeOf(pageWith('/Fm Do', forms, { xobjects: '/Fm 11 0 R' }))).toEqual([8, 9]);
  });

  it('reads a form again for a later caller whose resources it needs', async () => {
    const objects = {
      2: '<< /Type /Pages /Kids [3 0 R 5 0 R] /Count 2 >>',
      3: '<< /Type /Page /Contents 4 0 R /Resources << /XObject << /Fm 11 0 R >> >> >>',
      5: '<< /Type /Page /Contents 4 0 R /Resources << /XObject << /Fm 11 0 R /Im 10 0 R >> >> >>',
      4: textStream('2 0 0 2 0 0 cm /Fm Do'),
      10: IMAGE,
      11: form('8 0 0 9 0 0 cm /Im Do'),
    };
    expect((await collect(objects)).images.get(10)).toMatchObject({ page: 2, widthPoints: 16, heightPoints: 18 });
  });

  it('follows names that are written with escapes and objects behind references', async () => {
    const objects = {
      ...pageWith('5 0 0 6 0 0 cm /I#6d Do'),
      10: textStream('\0', '/Subtype 20 0 R /Width 1 /Height 1'),
      20: '/Image',
    };
    expect(await sizeOf(objects)).toEqual([5, 6]);
  });

  it('joins the streams of a page', async () => {
    const objects = {
      ...pageWith('5 0 0 6 0 0'),
      3: '<< /Type /Page /Contents [4 0 R 5 0 R] /Resources << /XObject << /Im 10 0 R >> >> >>',
      5: textStream('cm /Im Do'),
    };
    expect(await sizeOf(objects)).toEqual([5, 6]);
  });
});
