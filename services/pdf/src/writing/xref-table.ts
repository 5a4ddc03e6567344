import type { PdfDict } from '../syntax/objects.js';
import { TARGET_NUMBERS, serialize } from '../syntax/serializer.js';

const NEVER_REUSED = 65_535;

/**
 * Builds a cross-reference table and trailer (ISO 32000-2, 7.5.4 and 7.5.5) from the offset of each object. Numbers
 * without an offset form the free list, which starts at object 0.
 */
export function xrefTable(offsets: readonly (number | undefined)[], trailer: PdfDict): string {
  const rows: string[] = [];
  let nextFree = 0;
  for (let num = offsets.length - 1; num > 0; num--) {
    const offset = offsets[num];
    rows.push(offset === undefined ? row(nextFree, 0, 'f') : row(offset, 0, 'n'));
    if (offset === undefined) nextFree = num;
  }
  rows.push(row(nextFree, NEVER_REUSED, 'f'));
  return `xref\n0 ${offsets.length}\n${rows.reverse().join('')}trailer\n${serialize(trailer, TARGET_NUMBERS)}\n`;
}

/** A row has exactly 20 bytes. */
function row(first: number, generation: number, kind: 'f' | 'n'): string {
  return `${String(first).padStart(10, '0')} ${String(generation).padStart(5, '0')} ${kind} \n`;
}
