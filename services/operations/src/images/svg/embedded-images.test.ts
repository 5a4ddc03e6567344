import { describe, expect, it } from '@jest/globals';
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

  it('may not have more pixels together than one image', async () => {
    const large = await sharp({ create: { ...create, width: 9000, height: 5000 } })
      .gif({ effort: 1 })
      .toBuffer();
    const one = svg(url('image/gif', large)).toString();
    const two = Buffer.from(one.replace('</svg>', `${/<image.*\/>/.exec(one)?.[0] ?? ''}</svg>`));
    await expect(readSvg(two)).rejects.toMatchObject({ code: 'too_many_pixels' });
  });
});
