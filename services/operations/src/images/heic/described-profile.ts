import type { ColorDescription } from './color-description.js';

type Row = readonly [number, number, number];

/** XYZ of full red, green and blue, adapted to D50, by the number of the primaries (ITU-T H.273, table 2). */
const COLORANTS: Readonly<Record<number, readonly [red: Row, green: Row, blue: Row]>> = {
  // BT.2020
  9: [
    [0.673459, 0.279033, -0.001931],
    [0.165661, 0.675338, 0.029978],
    [0.12508, 0.045629, 0.796861],
  ],
  // Display P3
  12: [
    [0.515102, 0.241182, -0.001049],
    [0.291965, 0.692236, 0.041882],
    [0.157153, 0.066582, 0.784378],
  ],
};
const D50: Row = [0.9642, 1, 0.8249];
/** Parameters of a curve with a linear part (ICC.1:2022, 10.18): that of sRGB. */
const SRGB_CURVE = [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045];
/** Exponents by the number of the transfer characteristics (ITU-T H.273, table 3). Others that are listed are as sRGB. */
const EXPONENTS = new Map([
  [4, 2.2],
  [5, 2.8],
  [8, 1],
]);
const LIKE_SRGB: readonly number[] = [1, 6, 13, 14, 15];
const HDR: readonly number[] = [16, 18];
const HEADER_BYTES = 128;
const ENTRY_BYTES = 12;
const VERSION = 0x0430_0000;

/** The note about an image with colours of high dynamic range. */
export const HDR_NOTE = 'its HDR colours are shown in standard dynamic range without tone mapping';

/** Whether colours have the curve of PQ or HLG. */
export function isHdr(description: ColorDescription | undefined): boolean {
  return description !== undefined && HDR.includes(description.transfer);
}

/** Returns an ICC profile for described colours. Undefined for those of sRGB, and for unknown ones. */
export function profileFor({ primaries, transfer }: ColorDescription): Buffer | undefined {
  const colorants = COLORANTS[primaries];
  const exponent = EXPONENTS.get(transfer);
  if (!colorants || (exponent === undefined && !LIKE_SRGB.includes(transfer))) return undefined;
  const curve = exponent === undefined ? parametricCurve(3, SRGB_CURVE) : parametricCurve(0, [exponent]);
  const [red, green, blue] = colorants;
  return assemble([
    ['desc', text('RGB')],
    ['cprt', text('CC0')],
    ['wtpt', xyz(D50)],
    ['rXYZ', xyz(red)],
    ['gXYZ', xyz(green)],
    ['bXYZ', xyz(blue)],
    ['rTRC', curve],
    ['gTRC', curve],
    ['bTRC', curve],
  ]);
}

/** Puts tags behind a header and a table (ICC.1:2022, 7.1). */
function assemble(tags: readonly (readonly [signature: string, body: Buffer])[]): Buffer {
  const table = Buffer.alloc(4 + tags.length * ENTRY_BYTES);
  table.writeUInt32BE(tags.length, 0);
  let position = HEADER_BYTES + table.length;
  for (const [index, [signature, body]] of tags.entries()) {
    const at = 4 + index * ENTRY_BYTES;
    table.write(signature, at, 'latin1');
    table.writeUInt32BE(position, at + 4);
    table.writeUInt32BE(body.length, at + 8);
    position += body.length;
  }
  return Buffer.concat([header(position), table, ...tags.map(([, body]) => body)]);
}

function header(bytes: number): Buffer {
  const start = Buffer.alloc(HEADER_BYTES);
  start.writeUInt32BE(bytes, 0);
  start.writeUInt32BE(VERSION, 8);
  start.write('mntrRGB XYZ ', 12, 'latin1');
  start.write('acsp', 36, 'latin1');
  xyz(D50).copy(start, 68, 8);
  return start;
}

function fixed(numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [index, value] of numbers.entries()) bytes.writeInt32BE(Math.round(value * 65_536), 4 * index);
  return bytes;
}

function xyz(values: Row): Buffer {
  return Buffer.concat([Buffer.from('XYZ \0\0\0\0', 'latin1'), fixed(values)]);
}

function parametricCurve(type: number, parameters: readonly number[]): Buffer {
  return Buffer.concat([Buffer.from('para\0\0\0\0', 'latin1'), Buffer.of(0, type, 0, 0), fixed(parameters)]);
}

/** A text of three letters in one language. */
function text(letters: string): Buffer {
  const record = Buffer.alloc(36);
  record.write('mluc', 0, 'latin1');
  record.writeUInt32BE(1, 8);
  record.writeUInt32BE(12, 12);
  record.write('enUS', 16, 'latin1');
  record.writeUInt32BE(2 * letters.length, 20);
  record.writeUInt32BE(28, 24);
  Buffer.from(letters, 'utf16le').swap16().copy(record, 28);
  return record;
}
