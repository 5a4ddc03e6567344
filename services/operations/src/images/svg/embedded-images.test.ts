import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { readSvg } from './read-svg.js';

const RED = Uint8Array.of(200, 40, 10);
const create = { width: 16, height: 16, channels: 3, background: '#c8280a' } as const;
const png = await sharp({ create }).png().toBuffer();
const gif = await sharp({ create }).gif().toBuffer();
const webp = await sharp({ create }).webp({ lossless: true }).toBuffer();
const avif = await sharp({ create }).avif({ lossless: true }).toBuffer();
const tiff = await sharp({ create }).tiff().toBuffer();

function svg(url: string, quote = '"'): Buffer {
  const image = `<image width="96" height="48" preserveAspectRatio="none" xlink:href=${quote}${url}${quote}/>`;
  const names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';
  return Buffer.from(`<svg ${names} width="96" height="48">${image}</svg>`);
}

function url(type: string, data: Buffer): string {
  return `data:${type};base64,${data.toString('base64')}`;
}

const NOTE = 'an embedded image cannot be read and was left out';

describe('images that an SVG embeds', () => {
  it.each([
    ['PNG', url('image/png', png)],
    ['PNG without a type', url('', png)],
    ['GIF', url('image/gif', gif)],
    ['WebP', url('image/webp', webp)],
    ['AVIF', url('image/avif', avif)],
    ['GIF that is declared as PNG', url('image/png', gif)],
    ['PNG that is declared as JPEG', url('image/jpeg', png)],
    ['GIF with line breaks', url('image/gif', gif).replace(/(.{30}.*?)([A-Z])/, '$1&#10;\n$2')],
  ])('are shown if they are %s', async (_what, reference) => {
    for (const quote of ['"', "'"]) {
      const { image, notes } = await readSvg(svg(reference, quote));
      expect(image).toMatchObject({ colorSpace: { kind: 'Indexed', palette: RED } });
      expect(notes).toEqual([]);
    }
  });

  it.each([
    ['of an unknown format', url('image/png', Buffer.from('no image'))],
    ['of a format that browsers do not show', url('image/tiff', tiff)],
    ['that is damaged', url('image/webp', webp.subarray(0, 30))],
  ])('are noted if there is one %s', async (_what, reference) => {
    expect((await readSvg(svg(reference))).notes).toEqual([NOTE]);
  });

  it.each(['png', 'jpeg'] as const)('are noted if there is a damaged %s', async (format) => {
    const noise = { ...create, width: 64, height: 64, noise: { type: 'gaussian', mean: 128, sigma: 60 } } as const;
    const whole = await sharp({ create: noise }).toFormat(format).toBuffer();
    expect((await readSvg(svg(url(`image/${format}`, whole)))).notes).toEqual([]);
    const damaged = url(`image/${format}`, whole.subarray(0, whole.length >> 1));
    expect((await readSvg(svg(damaged))).notes).toEqual(['an embedded image is damaged and may be missing']);
  });

  it('may be longer than the parser of XML allows for an attribute', async () => {
    const bytes = 9_000_000;
    const raw = { width: 1_500, height: bytes / 4_500, channels: 3 } as const;
    const large = await sharp(randomBytes(bytes), { raw }).webp({ lossless: true, effort: 0 }).toBuffer();
    expect((await readSvg(svg(url('image/webp', large)))).image).toMatchObject({ width: 300, height: 150 });
  });

  it('keep the quotes around their reference', async () => {
    const metadata = `<metadata data-image="href='${url('image/gif', gif)}'"/>`;
    const file = svg(url('image/png', png)).toString().replace('<image', `${metadata}<image`);
    const { image } = await readSvg(Buffer.from(file));
    expect(image).toMatchObject({ colorSpace: { kind: 'Indexed', palette: RED } });
  });

  it.each(['gif', 'png'] as const)('may not have more than 30 megapixels together: %s', async (format) => {
    const large = await sharp({ create: { ...create, width: 8000, height: 2000 } })
      .toFormat(format)
      .toBuffer();
    const one = svg(url(`image/${format}`, large)).toString();
    const two = Buffer.from(one.replace('</svg>', `${/<image.*\/>/.exec(one)?.[0] ?? ''}</svg>`));
    await expect(readSvg(two)).rejects.toMatchObject({ code: 'too_many_pixels' });
  });
});
