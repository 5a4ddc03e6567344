import { unpackSamples } from '../bits.js';
import { assemble } from './assemble.js';
import type { DecodeBlock } from './assemble.js';
import type { TiffPage } from './page.js';

/**
 * Decodes all samples of a page, pixels interleaved: as bytes up to 8 bits, else as numbers of 16 bits. Samples of other
 * depths are scaled to these, unless `asStored` is true.
 */
export async function readSamples(
  page: TiffPage,
  decode: DecodeBlock,
  { signal, asStored }: { readonly signal: AbortSignal; readonly asStored: boolean },
): Promise<Uint8Array | Uint16Array> {
  const scale = asStored ? 1 : (page.bits > 8 ? 65_535 : 255) / ((1 << page.bits) - 1);
  if (!page.planar) return toSamples(page, await assemble(page, 0, decode, signal), page.samples, scale);
  const planes: (Uint8Array | Uint16Array)[] = [];
  for (let plane = 0; plane < page.samples; plane += 1)
    planes.push(toSamples(page, await assemble(page, plane, decode, signal), 1, scale));
  return interleave(planes, page);
}

function toSamples(page: TiffPage, packed: Buffer, perPixel: number, scale: number): Uint8Array | Uint16Array {
  if (page.bits === 8) return packed;
  if (page.bits === 16) return toNumbers(packed, page.directory.little);
  const layout = { rowSamples: page.width * perPixel, rows: page.height, bits: page.bits };
  const values = unpackSamples(packed, layout);
  if (page.bits > 8) return scale === 1 ? values : values.map((value) => Math.round(value * scale));
  return Uint8Array.from(values, (value) => Math.round(value * scale));
}

function toNumbers(bytes: Buffer, little: boolean): Uint16Array {
  if (!little) bytes.swap16();
  // A view needs an even start, which a buffer of the pool need not have.
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : Uint8Array.from(bytes);
  return new Uint16Array(aligned.buffer, aligned.byteOffset, bytes.length / 2);
}

function interleave(planes: readonly (Uint8Array | Uint16Array)[], page: TiffPage): Uint8Array | Uint16Array {
  const length = page.width * page.height * planes.length;
  const samples = page.bits > 8 ? new Uint16Array(length) : new Uint8Array(length);
  for (const [first, plane] of planes.entries())
    for (let [from, to] = [0, first]; from < plane.length; from += 1, to += planes.length)
      samples[to] = plane[from] ?? 0;
  return samples;
}
