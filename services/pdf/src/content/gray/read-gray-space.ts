import type { PdfFile } from '../../file/pdf-file.js';
import { DecodingBudget } from '../../filters/budget.js';
import type { PdfObject } from '../../syntax/objects.js';
import { ColorSpaceReader } from './color-space.js';
import type { GraySpace } from './color-space.js';
import { FunctionReader } from './functions.js';

/**
 * Reads a colour space whose colours can be converted to gray, with its functions. Undefined for other spaces. The
 * functions throw a `PdfError` if they take too long.
 */
export function readGraySpace(file: PdfFile, entry: PdfObject): GraySpace | undefined {
  const budget = new DecodingBudget();
  const space = new ColorSpaceReader(file, new FunctionReader(file, budget), budget).read(entry);
  return typeof space === 'string' ? undefined : space;
}
