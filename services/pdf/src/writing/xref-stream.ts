import { deflate } from '../filters/deflate.js';
import { PdfDict, PdfName } from '../syntax/objects.js';
import type { TargetObjectNumber } from '../syntax/object-numbers.js';

/** The location of a written object, as an offset or an index in an object stream. */
export type Place = { readonly offset: number } | { readonly container: TargetObjectNumber; readonly index: number };

const [FREE, OFFSET, COMPRESSED] = [0, 1, 2];
/** PNG's predictor Up, because adjacent rows of a cross-reference differ little (ISO 32000-2, 7.4.4.4). */
const UP = 2;
const PREDICTOR = 12;

/**
 * Builds the dictionary entries and the data of a cross-reference stream (7.5.8). Numbers without a location are free.
 */
export function xrefStream(places: readonly (Place | undefined)[]): { dict: PdfDict; data: Buffer } {
  let [second, third] = [0, 0];
  for (const place of places) {
    if (!place) continue;
    second = Math.max(second, 'offset' in place ? place.offset : place.container);
    third = Math.max(third, 'offset' in place ? 0 : place.index);
  }
  const widths = [1, bytesOf(second), bytesOf(third)] as const;
  const columns = widths[0] + widths[1] + widths[2];
  const parms = PdfDict.of({ Predictor: PREDICTOR, Columns: columns });
  const dict = PdfDict.of({
    Type: new PdfName('XRef'),
    Size: places.length,
    W: [...widths],
    Filter: new PdfName('FlateDecode'),
    DecodeParms: parms,
  });
  return { dict, data: deflate(predicted(places, widths[1], columns)) };
}

/** The rows as differences from the row above. The first field has one byte, and `second` is the size of the second. */
function predicted(places: readonly (Place | undefined)[], second: number, columns: number): Buffer {
  const data = Buffer.alloc(places.length * (columns + 1));
  let [above, row] = [Buffer.alloc(columns), Buffer.alloc(columns)];
  let at = 0;
  for (const place of places) {
    const isOffset = place !== undefined && 'offset' in place;
    row[0] = place === undefined ? FREE : isOffset ? OFFSET : COMPRESSED;
    row.writeUIntBE(place === undefined ? 0 : isOffset ? place.offset : place.container, 1, second);
    row.writeUIntBE(place === undefined || isOffset ? 0 : place.index, 1 + second, columns - 1 - second);
    data[at++] = UP;
    for (let column = 0; column < columns; column++) data[at++] = (row[column] ?? 0) - (above[column] ?? 0);
    [above, row] = [row, above];
  }
  return data;
}

/** Number of bytes that a value needs, at least one. */
function bytesOf(value: number): number {
  let bytes = 1;
  for (let limit = 256; value >= limit; limit *= 256) bytes++;
  return bytes;
}
