/** What the strip of a wrapped image holds, with values of TIFF 6.0. */
export interface Strip {
  readonly width: number;
  readonly height: number;
  readonly samplesPerPixel: number;
  readonly bitsPerSample: number;
  readonly compression: number;
  readonly photometric: number;
  /** T4Options (section 11). */
  readonly t4Options?: number;
}

/** Values of /Compression (sections 8, 10 and 11). */
export const TIFF_COMPRESSION = { none: 1, modifiedHuffman: 2, group3: 3, group4: 4 } as const;
/** Values of /PhotometricInterpretation. */
export const TIFF_PHOTOMETRIC = { whiteIsZero: 0, separated: 5 } as const;

const [SHORT, LONG] = [3, 4];
const HEADER_BYTES = 8;
const ENTRY_BYTES = 12;

/** Returns a TIFF with one strip, so that libvips reads data that it accepts in no other container. */
export function wrapAsTiff(strip: Strip, data: Uint8Array): Buffer {
  const { width, height, samplesPerPixel, bitsPerSample } = strip;
  const entries: [tag: number, type: number, value: number][] = [
    [256, LONG, width],
    [257, LONG, height],
    [258, SHORT, bitsPerSample],
    [259, SHORT, strip.compression],
    [262, SHORT, strip.photometric],
    [273, LONG, 0],
    [277, SHORT, samplesPerPixel],
    [278, LONG, height],
    [279, LONG, data.length],
  ];
  if (strip.t4Options !== undefined) entries.push([292, LONG, strip.t4Options]);
  const bitsAt = HEADER_BYTES + 2 + entries.length * ENTRY_BYTES + 4;
  const dataAt = bitsAt + 2 * samplesPerPixel;
  const head = Buffer.alloc(dataAt);
  head.write('II*\0', 0, 'latin1');
  head.writeUInt32LE(HEADER_BYTES, 4);
  head.writeUInt16LE(entries.length, HEADER_BYTES);
  for (const [index, [tag, type, value]] of entries.entries()) {
    const isList = tag === 258 && samplesPerPixel > 2;
    const at = HEADER_BYTES + 2 + index * ENTRY_BYTES;
    head.writeUInt16LE(tag, at);
    head.writeUInt16LE(type, at + 2);
    head.writeUInt32LE(isList ? samplesPerPixel : 1, at + 4);
    if (isList) head.writeUInt32LE(bitsAt, at + 8);
    else if (tag === 273) head.writeUInt32LE(dataAt, at + 8);
    else if (type === SHORT) head.writeUInt16LE(value, at + 8);
    else head.writeUInt32LE(value, at + 8);
  }
  for (let sample = 0; sample < samplesPerPixel; sample++) head.writeUInt16LE(bitsPerSample, bitsAt + 2 * sample);
  return Buffer.concat([head, data]);
}
