import { deflateSync } from 'node:zlib';
import { PdfDict, PdfName } from '../syntax/objects.js';

/** Where an object was written: at an offset, or as the index-th of an object stream. */
export type Place = { readonly offset: number } | { readonly container: number; readonly index: number };

const [OFFSET, COMPRESSED] = [1, 2];
/** PNG's Up: rows of a cross-reference differ little from the one above (ISO 32000-2, 7.4.4.4). */
const UP = 2;
const PREDICTOR = 12;

/** A cross-reference stream (7.5.8): its entries of the dictionary, and its data. Numbers that have no place are free. */
export function xrefStream(places: readonly (Place | undefined)[]): { dict: PdfDict; data: Buffer } {
  const rows = places.map((place): readonly [number, number, number] => {
    if (!place) return [0, 0, 0];
    return 'offset' in place ? [OFFSET, place.offset, 0] : [COMPRESSED, place.container, place.index];
  });
  let [second, third] = [0, 0];
  for (const [, offset, index] of rows) {
    second = Math.max(second, offset);
    third = Math.max(third, index);
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
  return { dict, data: deflateSync(predicted(rows, widths, columns), { level: 9 }) };
}

function predicted(
  rows: readonly (readonly [number, number, number])[],
  [, second]: readonly [number, number, number],
  columns: number,
): Buffer {
  const data = Buffer.alloc(rows.length * (columns + 1));
  let above = Buffer.alloc(columns);
  for (const [nth, [type, offset, index]] of rows.entries()) {
    const row = Buffer.alloc(columns);
    row[0] = type;
    row.writeUIntBE(offset, 1, second);
    row.writeUIntBE(index, 1 + second, columns - 1 - second);
    const at = nth * (columns + 1);
    data[at] = UP;
    for (let column = 0; column < columns; column++) data[at + 1 + column] = (row[column] ?? 0) - (above[column] ?? 0);
    above = row;
  }
  return data;
}

/** How many bytes a number needs, at least one. */
function bytesOf(value: number): number {
  let bytes = 1;
  for (let limit = 256; value >= limit; limit *= 256) bytes++;
  return bytes;
}
