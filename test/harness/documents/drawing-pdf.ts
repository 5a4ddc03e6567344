import { MemorySource, PdfFile, collectImageUses, readPageTree, sourceNumber } from '@pdf-tools/pdf';
import type { ImageUses } from '@pdf-tools/pdf';
import { textPdf, textStream } from './text-pdf.js';

/** An image XObject of one pixel. */
export function image(entries = ''): string {
  return textStream('\0', `/Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray ${entries}`);
}

/** A form XObject with this content. */
export function form(content: string, entries = ''): string {
  return textStream(content, `/Subtype /Form /BBox [0 0 1 1] ${entries}`);
}

/** Resources that have the image of `drawingPdf`. */
export const IMAGE_RESOURCES = '/Resources << /XObject << /Im 10 0 R >> >>';

/**
 * The objects of a document of one page with this content: object 10 is an image with the name `Im`, and `more` objects
 * come on top. `xobjects`, `resources` and `entries` are added to dictionaries of the page. For unit tests.
 */
export function drawingPdf(
  content: string,
  more: Readonly<Record<number, string>> = {},
  { xobjects = '', resources = '', entries = '' } = {},
): Readonly<Record<number, string>> {
  return {
    2: '<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 600 800] >>',
    3: `<< /Type /Page /Parent 2 0 R /Contents 4 0 R ${entries} /Resources << ${resources} /XObject << /Im 10 0 R ${xobjects} >> >> >>`,
    4: textStream(content),
    10: image(),
    ...more,
  };
}

/** Reads how these objects, with a catalog as number 1, draw their images. */
export function imageUsesOf(objects: Readonly<Record<number, string>>): Promise<ImageUses> {
  const file = openText(objects);
  return collectImageUses(file, readPageTree(file).pages, { signal: new AbortController().signal });
}

/** These objects, with a catalog as number 1, as a file. */
export function openText(objects: Readonly<Record<number, string>>): PdfFile {
  return new PdfFile(new MemorySource(textPdf({ 1: '<< /Type /Catalog /Pages 2 0 R >>', ...objects })));
}

/** The size in points at which an image is drawn, to six digits after the point. */
export async function drawnSize(
  objects: Readonly<Record<number, string>>,
  num = 10,
): Promise<[number, number] | undefined> {
  const use = (await imageUsesOf(objects)).images.get(sourceNumber(num));
  return use && [round(use.widthPoints), round(use.heightPoints)];
}

function round(points: number): number {
  return Math.round(points * 1e6) / 1e6;
}
