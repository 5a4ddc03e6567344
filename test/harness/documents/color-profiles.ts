const D65 = [62_289, 65_536, 71_372];
const SRGB_COLORANTS = { r: [28_578, 14_581, 912], g: [25_241, 46_981, 6_362], b: [9_376, 3_972, 46_799] };
const HEADER_BYTES = 132;
const ENTRY_BYTES = 12;
const FIXED_ONE = 65_536;

/** A tag's signature and its data. */
type ProfileTag = readonly [name: string, data: Buffer];

/** What a profile differs in from sRGB. */
export interface ProfileKind {
  readonly space?: string;
  readonly curve?: (value: number) => number;
  readonly more?: readonly ProfileTag[];
}

/** The data of a tag: its type, four bytes and numbers of 32 bits. */
function tagData(type: string, ...numbers: readonly number[]): Buffer {
  const data = Buffer.alloc(8 + 4 * numbers.length);
  data.write(type, 'latin1');
  for (const [index, number] of numbers.entries()) data.writeInt32BE(number, 8 + 4 * index);
  return data;
}

/** A curve of 1024 samples, as most profiles of version 2 have it. */
function curveTable(curve: (value: number) => number): Buffer {
  const data = tagData('curv', 1024, ...Array<number>(512).fill(0));
  for (let index = 0; index < 1024; index++)
    data.writeUInt16BE(Math.round(65_535 * curve(index / 1023)), 12 + 2 * index);
  return data;
}

function srgbCurve(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** A profile of version 2 for gray or RGB. The standard one is sRGB. For tests. */
export function colorProfile({ space = 'RGB ', curve = srgbCurve, more = [] }: ProfileKind = {}): Buffer {
  const letters = space === 'GRAY' ? ['k'] : ['r', 'g', 'b'];
  return joinTags(`mntr${space}XYZ `, [
    ['desc', description()],
    ['wtpt', tagData('XYZ ', ...D65)],
    ...Object.entries(SRGB_COLORANTS).map(([letter, xyz]): ProfileTag => [`${letter}XYZ`, tagData('XYZ ', ...xyz)]),
    ...letters.map((letter): ProfileTag => [`${letter}TRC`, curveTable(curve)]),
    ...more,
  ]);
}

/** A profile of CMYK with a table of the lightest and darkest colours to Lab (ICC.1:2022, 10.11). For tests. */
export function cmykProfile(): Buffer {
  const grid = 2;
  const matrix = [FIXED_ONE, 0, 0, 0, FIXED_ONE, 0, 0, 0, FIXED_ONE];
  const head = tagData('mft1', 0, ...matrix);
  head.set([4, 3, grid, 0], 8);
  const identity = Buffer.from(Array.from({ length: 256 }, (_none, at) => at));
  const colors = Array.from({ length: grid ** 4 }, (_none, at) => {
    const [cyan, magenta, yellow, black] = [3, 2, 1, 0].map((bit) => (at >> bit) & 1);
    const light = 240 - 70 * (cyan ?? 0) - 80 * (magenta ?? 0) - 15 * (yellow ?? 0);
    const a = 128 - 35 * (cyan ?? 0) + 70 * (magenta ?? 0);
    const b = 128 - 45 * (cyan ?? 0) + 85 * (yellow ?? 0);
    return black === 1 ? [20, 128, 128] : [light, a, b];
  });
  const table = Buffer.concat([head, ...Array<Buffer>(4).fill(identity), Buffer.from(colors.flat())]);
  const lut = Buffer.concat([table, ...Array<Buffer>(3).fill(identity)]);
  return joinTags('prtrCMYKLab ', [
    ['desc', description()],
    ['wtpt', tagData('XYZ ', ...D65)],
    ['A2B0', lut],
  ]);
}

function description(): Buffer {
  return Buffer.concat([tagData('desc', 12), Buffer.from('A display'.padEnd(80, '\0'))]);
}

function joinTags(kind: string, tags: readonly ProfileTag[]): Buffer {
  const header = Buffer.alloc(HEADER_BYTES + ENTRY_BYTES * tags.length);
  header.writeUInt32BE(0x02_10_00_00, 8);
  header.write(kind, 12, 'latin1');
  header.write('acsp', 36, 'latin1');
  header.writeUInt32BE(tags.length, 128);
  let end = header.length;
  for (const [index, [name, data]] of tags.entries()) {
    const at = HEADER_BYTES + ENTRY_BYTES * index;
    header.write(name, at, 'latin1');
    header.writeUInt32BE(end, at + 4);
    header.writeUInt32BE(data.length, at + 8);
    end += data.length;
  }
  header.writeUInt32BE(end, 0);
  return Buffer.concat([header, ...tags.map(([, data]) => data)]);
}
