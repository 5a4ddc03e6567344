import { corruptImage } from '../errors.js';

/** A box (ISO/IEC 15444-1, I.4): its type of four characters and its contents. */
export interface Box {
  readonly type: string;
  readonly body: Buffer;
}

/** Reads boxes that follow each other. Throws an `InputError` (`corrupt_image`) if one is cut off. */
export function readBoxes(bytes: Buffer): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at + 8 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const isLong = length === 1 && at + 16 <= bytes.length;
    const start = at + (isLong ? 16 : 8);
    // A length of 0 means that the box ends with the file.
    const end = length === 0 ? bytes.length : at + (isLong ? Number(bytes.readBigUInt64BE(at + 8)) : length);
    if (end < start || end > bytes.length) throw corruptImage('is cut off: a box of its JPEG 2000 data is incomplete');
    boxes.push({ type, body: bytes.subarray(start, end) });
    at = end;
  }
  return boxes;
}

/** Returns the contents of the first box of a type. */
export function findBox(boxes: readonly Box[], type: string): Buffer | undefined {
  return boxes.find((box) => box.type === type)?.body;
}
