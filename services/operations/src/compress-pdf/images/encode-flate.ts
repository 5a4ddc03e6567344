import { PdfDict, PdfName, PdfString } from '@pdf-tools/pdf';
import { deflateBest } from '../packing.js';
import { filterRows, isFilteringBetter } from './png-filter.js';
import { packValues } from './samples.js';
import type { Samples } from './samples.js';
import type { Encoding } from './encoding.js';
import { pixelAt } from './content.js';
import type { SampleSpace } from './sample-space.js';

const PNG_PREDICTOR = 15;

/** Encodes samples without loss, with PNG predictors if a part of the rows gets smaller by them. */
export async function encodeFlate(samples: Samples): Promise<Encoding> {
  const { width, height, channels, data } = samples;
  const common = { name: 'flate', width, height, bits: 8, filter: 'FlateDecode' } as const;
  if (!isFilteringBetter(samples)) return { ...common, data: await deflateBest(data) };
  const parms = PdfDict.of({ Predictor: PNG_PREDICTOR, Colors: channels, BitsPerComponent: 8, Columns: width });
  return { ...common, data: await deflateBest(filterRows(samples)), parms };
}

/**
 * Encodes pixels as indices of a palette, with as few bits as possible (ISO 32000-2, 8.6.6.3). `colors` has all
 * distinct pixels.
 */
export async function encodePalette(samples: Samples, colors: readonly number[], base: SampleSpace): Promise<Encoding> {
  const { width, height, channels, data } = samples;
  const indices = new Map(colors.map((color, index) => [color, index]));
  const values = new Uint8Array(width * height);
  for (let at = 0, from = 0; at < values.length; at++, from += channels)
    values[at] = indices.get(pixelAt(data, from, channels)) ?? 0;
  const bits = bitsFor(colors.length);
  return {
    ...{ name: 'palette', width, height, bits, filter: 'FlateDecode' },
    data: await deflateBest(packValues(values, width, height, bits)),
    colorSpace: indexedSpace(base, paletteBytes(colors, channels)),
  };
}

function bitsFor(colors: number): number {
  if (colors <= 2) return 1;
  if (colors <= 4) return 2;
  return colors <= 16 ? 4 : 8;
}

/** The colours as bytes, component by component. */
export function paletteBytes(colors: readonly number[], channels: number): Buffer {
  const bytes = Buffer.alloc(colors.length * channels);
  for (const [index, color] of colors.entries()) bytes.writeUIntBE(color, index * channels, channels);
  return bytes;
}

export function indexedSpace(
  base: SampleSpace,
  palette: Buffer,
): (PdfName | PdfString | number | SampleSpace['entry'])[] {
  return [new PdfName('Indexed'), base.entry, palette.length / base.components - 1, new PdfString(palette)];
}
