import type { Samples } from './samples.js';

/** Tags of TIFF 6.0 with values of one or four components. */
const [SHORT, LONG] = [3, 4];
const [NO_COMPRESSION, SEPARATED] = [1, 5];
const HEADER_BYTES = 8;
const ENTRY_BYTES = 12;
const BITS = 8;

/** Returns samples of four components as a CMYK TIFF with one strip, because libvips takes others for alpha. */
export function wrapAsTiff({ width, height, channels, data }: Samples): Buffer {
  const bitsAt = (count: number): number => HEADER_BYTES + 2 + count * ENTRY_BYTES + 4;
  const entries: [tag: number, type: number, count: number, value: number][] = [
    [256, LONG, 1, width],
    [257, LONG, 1, height],
    [258, SHORT, channels, 0],
    [259, SHORT, 1, NO_COMPRESSION],
    [262, SHORT, 1, SEPARATED],
    [273, LONG, 1, 0],
    [277, SHORT, 1, channels],
    [278, LONG, 1, height],
    [279, LONG, 1, data.length],
  ];
  const dataAt = bitsAt(entries.length) + 2 * channels;
  const head = Buffer.alloc(dataAt);
  head.write('II*\0', 0, 'latin1');
  head.writeUInt32LE(HEADER_BYTES, 4);
  head.writeUInt16LE(entries.length, HEADER_BYTES);
  for (const [index, [tag, type, count, value]] of entries.entries()) {
    const at = HEADER_BYTES + 2 + index * ENTRY_BYTES;
    head.writeUInt16LE(tag, at);
    head.writeUInt16LE(type, at + 2);
    head.writeUInt32LE(count, at + 4);
    const offsets = new Map([
      [258, bitsAt(entries.length)],
      [273, dataAt],
    ]);
    if (type === SHORT && count === 1) head.writeUInt16LE(value, at + 8);
    else head.writeUInt32LE(offsets.get(tag) ?? value, at + 8);
  }
  for (let channel = 0; channel < channels; channel++) head.writeUInt16LE(BITS, bitsAt(entries.length) + 2 * channel);
  return Buffer.concat([head, data]);
}
