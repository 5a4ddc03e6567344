import { isInteger } from '../../syntax/objects.js';
import type { PdfDict, PdfObject } from '../../syntax/objects.js';
import { BitReader } from './bit-reader.js';
import type { GraySpace } from './color-space.js';

const [FREE_FORM, LATTICE, COONS] = [4, 5, 6];
const MAX_BITS = 32;

/** Number of points and colours of a new patch and of one with a shared edge (ISO 32000-2, 8.7.4.5.7 and 8.7.4.5.8). */
const PATCHES = {
  coons: { whole: [12, 4], shared: [8, 2] },
  tensor: { whole: [16, 4], shared: [12, 2] },
} as const;

interface Layout {
  readonly flag: number;
  readonly coordinate: number;
  readonly component: number;
}

/**
 * Converts the data of a mesh shading without a function (8.7.4.5.5 to 8.7.4.5.8) to one gray component. Returns
 * undefined if records do not end at whole bytes, because readers disagree about padding.
 */
export function grayMesh(
  data: Buffer,
  dict: PdfDict,
  decode: readonly number[],
  space: GraySpace,
  type: number,
): Buffer | undefined {
  const layout = layoutOf(dict, type);
  if (!layout || decode.length < 4 + 2 * space.components) return undefined;
  const reader = new BitReader(data);
  // Gray has at most as many components as the colours, so the data do not grow.
  const writer = new BitWriter(data.length);
  const isVertex = type === FREE_FORM || type === LATTICE;
  const least = layout.flag + 2 * layout.coordinate + space.components * layout.component;
  while (reader.left >= least) {
    const begin = reader.position;
    const flag = reader.read(layout.flag);
    writer.write(flag, layout.flag);
    const [points, colors] = isVertex ? [1, 1] : patch(type, flag);
    for (let at = 0; at < 2 * points; at++) writer.write(reader.read(layout.coordinate), layout.coordinate);
    for (let at = 0; at < colors; at++) writeGray(reader, writer, layout.component, decode, space);
    if (type !== FREE_FORM && ((reader.position - begin) & 7) !== 0) return undefined;
    if (type === FREE_FORM) reader.align();
    writer.align();
  }
  return writer.finish();
}

function patch(type: number, flag: number): readonly [number, number] {
  const kind = type === COONS ? PATCHES.coons : PATCHES.tensor;
  return (flag & 3) === 0 ? kind.whole : kind.shared;
}

function writeGray(
  reader: BitReader,
  writer: BitWriter,
  bits: number,
  decode: readonly number[],
  space: GraySpace,
): void {
  const most = 2 ** bits - 1;
  const color = Array.from({ length: space.components }, (_item, at) => {
    const low = decode[4 + 2 * at] ?? 0;
    return low + (reader.read(bits) * ((decode[5 + 2 * at] ?? 1) - low)) / most;
  });
  writer.write(Math.round(space.gray(color) * most), bits);
}

function layoutOf(dict: PdfDict, type: number): Layout | undefined {
  const flag = type === LATTICE ? 0 : dict.get('BitsPerFlag');
  const coordinate = dict.get('BitsPerCoordinate');
  const component = dict.get('BitsPerComponent');
  if (!isBits(flag) || !isBits(coordinate) || !isBits(component)) return undefined;
  // Gray changes the record length. Records end at whole bytes only if every field has whole bytes.
  const isWhole = [flag, coordinate, component].every((bits) => bits % 8 === 0);
  return isWhole || type === FREE_FORM ? { flag, coordinate, component } : undefined;
}

function isBits(object: PdfObject | undefined): object is number {
  return isInteger(object) && object >= 0 && object <= MAX_BITS;
}

/** Writes unsigned integers, most significant bit first. */
class BitWriter {
  readonly #bytes: Buffer;
  #length = 0;
  #held = 0;
  #count = 0;

  constructor(most: number) {
    this.#bytes = Buffer.alloc(most);
  }

  write(value: number, bits: number): void {
    for (let left = bits; left > 0;) {
      const take = Math.min(left, 8 - this.#count);
      const part = Math.floor(value / 2 ** (left - take)) % 2 ** take;
      this.#held = this.#held * 2 ** take + part;
      this.#count += take;
      left -= take;
      if (this.#count === 8) this.#flush();
    }
  }

  align(): void {
    if (this.#count === 0) return;
    this.#held *= 2 ** (8 - this.#count);
    this.#flush();
  }

  finish(): Buffer {
    this.align();
    return this.#bytes.subarray(0, this.#length);
  }

  #flush(): void {
    this.#bytes[this.#length] = this.#held;
    this.#length += 1;
    this.#held = 0;
    this.#count = 0;
  }
}
