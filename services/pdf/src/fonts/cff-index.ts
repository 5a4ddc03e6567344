import type { FontBytes } from './font-bytes.js';
import { FontError } from './font-error.js';

/** Reads an INDEX (TN 5176, 5) and moves the reader behind it. Throws a `FontError` if an offset is out of order. */
export function readCffIndex(reader: FontBytes): Uint8Array[] {
  const count = reader.uint16();
  if (count === 0) return [];
  const offsetSize = reader.uint8();
  if (offsetSize < 1 || offsetSize > 4) throw new FontError('has an index with an invalid offset size');
  let start = reader.uint(offsetSize);
  const lengths = Array.from({ length: count }, () => {
    const end = reader.uint(offsetSize);
    const length = end - start;
    start = end;
    return length;
  });
  return lengths.map((length) => reader.take(length));
}

/** Returns an INDEX of these items. */
export function encodeCffIndex(items: readonly Uint8Array[]): Uint8Array {
  if (items.length === 0) return new Uint8Array(2);
  const size = items.reduce((sum, item) => sum + item.length, 0);
  const offsetSize = Math.ceil((32 - Math.clz32(size + 1)) / 8);
  const headerBytes = 3 + offsetSize * (items.length + 1);
  const bytes = new Uint8Array(headerBytes + size);
  bytes.set([items.length >> 8, items.length & 0xff, offsetSize]);
  let offset = 1;
  for (const [index, item] of [...items, new Uint8Array(0)].entries()) {
    for (let byte = 0; byte < offsetSize; byte++)
      bytes[3 + offsetSize * index + byte] = (offset >>> (8 * (offsetSize - 1 - byte))) & 0xff;
    bytes.set(item, headerBytes + offset - 1);
    offset += item.length;
  }
  return bytes;
}
