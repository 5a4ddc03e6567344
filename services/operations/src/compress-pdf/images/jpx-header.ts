/** What the headers of JPXDecode data say (ISO/IEC 15444-1, annexes A and I). */
export interface JpxHeader {
  readonly width: number;
  readonly height: number;
  /** Bits of each component. Undefined for signed or subsampled components. */
  readonly bits: readonly (number | undefined)[];
  /** Enumerated colour space of the first /colr box: 16 for sRGB, 17 for gray. Undefined for others and for none. */
  readonly colorSpace: number | undefined;
  /** Whether the file has a palette, opacity channels or other things that change the meaning of components. */
  readonly isMapped: boolean;
}

const CODESTREAM_START = 0xff4fff51;
const BOX_SIGNATURE = 0x6a502020;
const [JP2H, COLR, CODESTREAM] = ['jp2h', 'colr', 'jp2c'];
const MAPPINGS = new Set(['pclr', 'cmap']);
const CHANNELS = 'cdef';
const CHANNEL_BYTES = 6;
const ENUMERATED = 1;
const COMPONENT_BYTES = 3;
const SIZE_BYTES = 38;
const MAX_COMPONENTS = 5;

/** Reads a JP2 file or a bare codestream. Throws a `RangeError` if it is cut off or of another kind. */
export function readJpxHeader(data: Buffer): JpxHeader {
  const boxes = data.readUInt32BE(4) === BOX_SIGNATURE ? [...boxesOf(data)] : [];
  const inner = boxes.filter(({ type }) => type === JP2H).flatMap(({ body }) => [...boxesOf(body)]);
  const stream = boxes.find(({ type }) => type === CODESTREAM)?.body ?? data;
  const color = inner.find(({ type }) => type === COLR)?.body;
  return {
    ...readSize(stream),
    colorSpace: color?.[0] === ENUMERATED ? color.readUInt32BE(3) : undefined,
    isMapped: inner.some(({ type, body }) => MAPPINGS.has(type) || (type === CHANNELS && !isPlainOrder(body))),
  };
}

/** Whether channel definitions (I.5.3.6) say that each component is the colour of its place. */
function isPlainOrder(body: Buffer): boolean {
  return Array.from({ length: body.readUInt16BE(0) }).every((_none, index) => {
    const [channel, type, place] = [0, 2, 4].map((offset) => body.readUInt16BE(2 + CHANNEL_BYTES * index + offset));
    return type === 0 && place === (channel ?? 0) + 1;
  });
}

/** The boxes of a file or a superbox (I.4). A length of 0 means up to the end. */
function* boxesOf(data: Buffer): Generator<{ type: string; body: Buffer }> {
  for (let at = 0; at + 8 <= data.length;) {
    const short = data.readUInt32BE(at);
    const isLong = short === 1;
    const length = isLong ? Number(data.readBigUInt64BE(at + 8)) : short === 0 ? data.length - at : short;
    const start = isLong ? 16 : 8;
    if (length < start) throw new RangeError('A box of the JPX data has no valid length.');
    yield { type: data.toString('latin1', at + 4, at + 8), body: data.subarray(at + start, at + length) };
    at += length;
  }
}

/** The SIZ marker segment (A.5.1). */
function readSize(stream: Buffer): Pick<JpxHeader, 'width' | 'height' | 'bits'> {
  if (stream.readUInt32BE(0) !== CODESTREAM_START) throw new RangeError('The JPX data have no codestream.');
  const number = (at: number): number => stream.readUInt32BE(at);
  const count = stream.readUInt16BE(SIZE_BYTES + 2);
  if (count > MAX_COMPONENTS) throw new RangeError('The JPX data have too many components.');
  const bits = Array.from({ length: count }, (_none, component) => {
    const at = SIZE_BYTES + 4 + COMPONENT_BYTES * component;
    const isPlain = stream.readUInt8(at) < 0x80 && stream.readUInt8(at + 1) === 1 && stream.readUInt8(at + 2) === 1;
    return isPlain ? stream.readUInt8(at) + 1 : undefined;
  });
  return { width: number(8) - number(16), height: number(12) - number(20), bits };
}
