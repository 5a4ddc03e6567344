import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '@pdf-tools/harness/documents/random';
import { parseJpeg, sharp } from './codec.js';
import { encodeCheckedJpeg } from './encode-jpeg.js';
import { sampleTiles } from './sample-tiles.js';
import type { Samples } from './samples.js';

const LENIENT = { mean: 0, low: 0 };

/** Gray samples with noise over a gradient. */
function noisy(width: number, height: number): Samples {
  const noise = new SeededRandom(1).mixture(4099);
  const data = new Uint8Array(width * height);
  for (let at = 0; at < data.length; at++) data[at] = ((at % width) / width) * 150 + ((noise[at % 4099] ?? 0) % 20);
  return { width, height, channels: 1, data };
}

async function scansOf(samples: Samples, isThorough = false): Promise<number> {
  const encoding = await encodeCheckedJpeg(samples, { quality: 65, keepsChroma: false, isThorough, wanted: LENIENT });
  return parseJpeg(Buffer.from(encoding?.data ?? [])).scans;
}

describe('encodeCheckedJpeg', () => {
  it('encodes small images progressively and large ones in one scan, which is twice as fast', async () => {
    expect(await scansOf(noisy(1000, 1000))).toBeGreaterThan(1);
    expect(await scansOf(noisy(1600, 1000))).toBe(1);
    expect(await scansOf(noisy(1600, 1000), true)).toBeGreaterThan(1);
  });

  it('raises the quality of a large image until it is similar enough', async () => {
    const samples = noisy(1600, 1000);
    const sizeAt = async (mean: number): Promise<number | undefined> => {
      const wanted = { mean, low: 0 };
      return (await encodeCheckedJpeg(samples, { quality: 65, keepsChroma: false, wanted }))?.data.length;
    };
    expect(await sizeAt(0.9)).toBeGreaterThan((await sizeAt(0)) ?? 0);
    expect(await sizeAt(0.9999)).toBeUndefined();
  });
});

describe('sampleTiles', () => {
  it('returns a small image as it is', () => {
    const samples = noisy(300, 300);
    expect(sampleTiles(samples)).toBe(samples);
  });

  it.each([1, 3])('takes tiles from all parts of a large image of %i components', (channels) => {
    // The samples of a tile are its column and its row.
    const [width, height] = [64 * 32, 40 * 16];
    const data = new Uint8Array(width * height * channels);
    for (let y = 0, at = 0; y < height; y++)
      for (let x = 0; x < width; x++, at += channels) data.fill(x & 1 ? y >> 4 : x >> 5, at, at + channels);
    const part = sampleTiles({ width, height, channels, data });
    expect(part.data).toHaveLength(part.width * part.height * channels);
    const columns = new Set<number>();
    const rows = new Set<number>();
    for (let y = 0; y < part.height; y++)
      for (let x = 0; x < part.width; x++)
        (x % 2 === 0 ? columns : rows).add(part.data[(y * part.width + x) * channels] ?? -1);
    expect(columns.size).toBeGreaterThan(50);
    expect(rows.size).toBe(40);
  });

  it('gives the same luma when it is encoded as the image does', async () => {
    const samples = noisy(1600, 800);
    const decode = async ({ width, height, data }: Samples): Promise<Samples> => {
      const jpeg = await sharp(data, { raw: { width, height, channels: 1 } })
        .jpeg({ quality: 50, quantisationTable: 3 })
        .toBuffer();
      return { width, height, channels: 1, data: await sharp(jpeg).toColourspace('b-w').raw().toBuffer() };
    };
    const whole = sampleTiles(await decode(samples));
    const part = await decode(sampleTiles(samples));
    expect(Buffer.compare(Buffer.from(whole.data), Buffer.from(part.data))).toBe(0);
  });
});
