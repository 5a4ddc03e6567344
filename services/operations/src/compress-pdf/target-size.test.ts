import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { documentOf, documentWithImage } from '@pdf-tools/harness/documents/documents';
import { readImages } from '@pdf-tools/harness/documents/read-back';
import { produce } from '@pdf-tools/harness/documents/workshop';
import type { JsonObject } from '../operation.js';
import operation from './definition.js';

const SIZE = { Width: 1200, Height: 1553 };

/** A page with an image of 564 dpi whose details survive only at high qualities. */
async function page(): Promise<Buffer> {
  const data = Buffer.alloc(SIZE.Width * SIZE.Height);
  let state = 1;
  for (let at = 0; at < data.length; at += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const [x, y] = [at % SIZE.Width, Math.floor(at / SIZE.Width)];
    data[at] = 110 + 80 * Math.sin(x / 9) * Math.cos(y / 11) + ((state >>> 16) % 64);
  }
  const raw = { width: SIZE.Width, height: SIZE.Height, channels: 1 } as const;
  const jpeg = await sharp(data, { raw }).toColourspace('b-w').jpeg({ quality: 95 }).toBuffer();
  return documentWithImage({ ...SIZE, ColorSpace: 'DeviceGray', Filter: 'DCTDecode' }, jpeg);
}

const input = await page();

async function compress(params: Readonly<Record<string, unknown>>, bytes = input) {
  const product = await produce(operation, [['a.pdf', bytes]], { params });
  const target = (product.result.report as { target?: JsonObject }).target ?? {};
  return { ...product, target, images: await readImages(product.bytes) };
}

describe('compress-pdf with target_size', () => {
  it('lowers resolution and quality until the result fits, and no further than it must', async () => {
    const standard = (await compress({})).bytes.length;
    const smallest = (await compress({ dpi: 60, image_quality: 30 })).bytes.length;
    const wanted = Math.round((standard + smallest) / 2);
    const { bytes, target, images } = await compress({ target_size: wanted });
    expect(bytes.length).toBeLessThanOrEqual(wanted);
    expect(bytes.length).toBeGreaterThan(wanted * 0.7);
    expect(target).toMatchObject({ bytes: wanted, met: true });
    expect(images[0]?.width).toBe(Math.ceil((SIZE.Width * Number(target.dpi)) / (SIZE.Width / (153 / 72))));
    const same = await compress({ dpi: target.dpi, image_quality: target.image_quality });
    expect(same.bytes.length).toBe(bytes.length);
  });

  it('stops at the floors and says that the target is missed', async () => {
    const { bytes, target } = await compress({ target_size: 1_000 });
    expect(target).toEqual({ bytes: 1_000, met: false, dpi: 60, image_quality: 30 });
    const { bytes: lowest } = await compress({ dpi: 60, image_quality: 30 });
    expect(bytes.length).toBe(lowest.length);
  });

  it('goes no lower than min_dpi and min_quality', async () => {
    const { target } = await compress({ target_size: 1_000, min_dpi: 100, min_quality: 50 });
    expect(target).toMatchObject({ met: false, dpi: 100, image_quality: 50 });
  });

  it('keeps the values of the level when the result fits at once', async () => {
    const { target, percents } = await compress({ target_size: '10 MB', level: 'screen' });
    expect(target).toEqual({ bytes: 10_000_000, met: true, dpi: 96, image_quality: 60 });
    expect(percents.at(-1)).toBe(100);
  });

  it('counts an unchanged file that fits as met', async () => {
    const { bytes } = await compress({}, await documentOf(200));
    const { result, target } = await compress({ target_size: '1 MB' }, bytes);
    expect(result.report).toMatchObject({ unchanged: true });
    expect(target).toMatchObject({ met: true });
  });

  it('never reports less progress than before', async () => {
    const { percents } = await compress({ target_size: 1_000 });
    expect(percents).toEqual([...percents].sort((left, right) => left - right));
    expect(percents.filter((percent) => percent > 50 && percent < 100).length).toBeGreaterThan(2);
  });
});
