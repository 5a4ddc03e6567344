import { findBox, readBoxes } from '../jp2/boxes.js';
import type { Box } from '../jp2/boxes.js';

/** Colour primaries and transfer characteristics by their numbers (ITU-T H.273). */
export interface ColorDescription {
  readonly primaries: number;
  readonly transfer: number;
}

const FULL_BOX_BYTES = 4;

/**
 * Returns how the primary item of a HEIF file describes its colours (ISO/IEC 14496-12, 12.1.5). Undefined if it does not, if
 * it has a profile instead, or if the boxes are damaged.
 */
export function readColorDescription(file: Buffer): ColorDescription | undefined {
  try {
    const meta = findBox(readBoxes(file), 'meta');
    return meta && describe(readBoxes(meta.subarray(FULL_BOX_BYTES)));
  } catch {
    return undefined;
  }
}

function describe(meta: readonly Box[]): ColorDescription | undefined {
  const primary = findBox(meta, 'pitm');
  const properties = readBoxes(findBox(meta, 'iprp') ?? Buffer.alloc(0));
  const container = readBoxes(findBox(properties, 'ipco') ?? Buffer.alloc(0));
  const associations = findBox(properties, 'ipma');
  if (!primary || !associations) return undefined;
  const item = primary[0] === 0 ? primary.readUInt16BE(FULL_BOX_BYTES) : primary.readUInt32BE(FULL_BOX_BYTES);
  const colors = propertiesOf(item, associations).flatMap((index) => {
    const box = container[index - 1];
    return box?.type === 'colr' ? [box.body] : [];
  });
  if (colors.some((body) => body.toString('latin1', 0, 4) !== 'nclx')) return undefined;
  const [first] = colors;
  return first && { primaries: first.readUInt16BE(4), transfer: first.readUInt16BE(6) };
}

/** The numbers of the properties of an item, counted from 1 (ISO/IEC 23008-12, 9.3.1). */
function propertiesOf(item: number, box: Buffer): number[] {
  const [hasLongItems, hasLongIndices] = [box.readUInt8(0) > 0, (box.readUInt8(3) & 1) === 1];
  let at = FULL_BOX_BYTES + 4;
  for (let left = box.readUInt32BE(FULL_BOX_BYTES); left > 0; left -= 1) {
    const number = hasLongItems ? box.readUInt32BE(at) : box.readUInt16BE(at);
    at += hasLongItems ? 4 : 2;
    const count = box.readUInt8(at);
    const start = at + 1;
    at = start + count * (hasLongIndices ? 2 : 1);
    if (number !== item) continue;
    // The highest bit says whether readers must know the property.
    return Array.from({ length: count }, (_none, index) =>
      hasLongIndices ? box.readUInt16BE(start + 2 * index) & 0x7fff : box.readUInt8(start + index) & 0x7f,
    );
  }
  return [];
}
