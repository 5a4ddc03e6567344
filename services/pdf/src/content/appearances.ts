import type { PdfFile } from '../file/pdf-file.js';
import { PdfDict, PdfStream } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import { IDENTITY, matrixOf } from './matrix.js';
import type { Matrix } from './matrix.js';
import { numbered } from './resources.js';
import type { Numbered } from './resources.js';

/** An appearance stream and the matrix from its form space to the page, excluding the form's own matrix. */
export interface Appearance {
  readonly form: Numbered;
  readonly matrix: Matrix;
}

/** All appearance streams of a page's annotations (ISO 32000-2, 12.5.5), in every state and mode. */
export function* appearancesOf(file: PdfFile, page: PdfDict): Generator<Appearance> {
  const annotations = file.resolve(page.get('Annots'));
  for (const item of Array.isArray(annotations) ? annotations : []) {
    const annotation = file.resolve(item);
    const modes = annotation instanceof PdfDict ? file.resolve(annotation.get('AP')) : null;
    if (!(annotation instanceof PdfDict) || !(modes instanceof PdfDict)) continue;
    for (const form of formsOf(file, modes)) {
      if (form.value instanceof PdfStream) {
        yield { form, matrix: fitted(file, form.value.dict, annotation.get('Rect')) };
      }
    }
  }
}

function* formsOf(file: PdfFile, modes: PdfDict): Generator<Numbered> {
  for (const mode of ['N', 'R', 'D']) {
    const appearance = numbered(file, modes.get(mode));
    if (appearance.value instanceof PdfDict) {
      for (const state of appearance.value.values()) yield numbered(file, state);
    } else yield appearance;
  }
}

/** The matrix that maps the transformed bounding box of the form to the annotation's rectangle (algorithm 8). */
function fitted(file: PdfFile, form: PdfDict, rect: PdfObject | undefined): Matrix {
  const { a, b, c, d } = matrixOf(file.resolve(form.get('Matrix')), (value) => file.resolve(value));
  const box = sides(file, form.get('BBox'));
  const target = sides(file, rect);
  if (!box || !target) return IDENTITY;
  const width = Math.abs(box.width * a) + Math.abs(box.height * c);
  const height = Math.abs(box.width * b) + Math.abs(box.height * d);
  if (width === 0 || height === 0) return IDENTITY;
  return { a: target.width / width, b: 0, c: 0, d: target.height / height };
}

function sides(file: PdfFile, rectangle: PdfObject | undefined): { width: number; height: number } | undefined {
  const corners = file.resolve(rectangle);
  if (!Array.isArray(corners)) return undefined;
  const [left, bottom, right, top] = corners.map((corner) => file.resolve(corner));
  if (typeof left !== 'number' || typeof bottom !== 'number') return undefined;
  if (typeof right !== 'number' || typeof top !== 'number') return undefined;
  return { width: Math.abs(right - left), height: Math.abs(top - bottom) };
}
