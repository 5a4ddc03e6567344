import { PdfError } from '../errors.js';
import type { PdfFile } from '../file/pdf-file.js';
import { MAX_PAGE_POINTS } from '../limits.js';
import type { PdfDict } from '../syntax/objects.js';

/** Rejects a page that is too large for readers. Throws `too_many_pixels` if a side exceeds `MAX_PAGE_POINTS`. */
export function checkPageSides(file: PdfFile, page: PdfDict): void {
  for (const key of ['MediaBox', 'CropBox']) {
    const box = file.resolve(page.get(key));
    if (!Array.isArray(box) || box.every((side) => Math.abs(Number(file.resolve(side)) || 0) <= MAX_PAGE_POINTS))
      continue;
    throw new PdfError('too_many_pixels', `has a page side of more than the limit of ${MAX_PAGE_POINTS} points`);
  }
}
