import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { decodeFlateImage } from '@pdf-tools/harness/documents/flate-image';
import { readSvg } from './read-svg.js';

const svg = (body: string): Buffer =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="96" height="48">${body}</svg>`,
  );

describe('readSvg', () => {
  it('renders at 300 dpi', async () => {
    const { image, dpi } = await readSvg(svg('<rect width="96" height="48" fill="#c8280a"/>'));
    expect(image).toMatchObject({ width: 300, height: 150 });
    expect(image.colorSpace).toMatchObject({ kind: 'Indexed', palette: Uint8Array.of(200, 40, 10) });
    expect(dpi).toEqual({ x: 300, y: 300 });
  });

  it.each([
    ['96px', '48px'],
    ['1in', '0.5in'],
    ['25.4mm', '12.7mm'],
  ])('takes %s x %s for the same size', async (width, height) => {
    const file = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 2 1"><rect width="2" height="1"/></svg>`;
    expect((await readSvg(Buffer.from(file))).image).toMatchObject({ width: 300, height: 150 });
  });

  it('loads no other file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pdf-tools-svg-'));
    try {
      const create = { width: 8, height: 8, channels: 3, background: 'black' } as const;
      await writeFile(join(folder, 'black.png'), await sharp({ create }).png().toBuffer());
      const references = [`file://${folder}/black.png`, `${folder}/black.png`, 'http://127.0.0.1:1/black.png'];
      for (const reference of references) {
        const image = `<image xlink:href="${reference}" href="${reference}" width="96" height="48"/>`;
        const { image: rendered, notes } = await readSvg(svg(`<rect width="96" height="48" fill="#c8280a"/>${image}`));
        expect(rendered.colorSpace).toMatchObject({ palette: Uint8Array.of(200, 40, 10) });
        expect(notes).toEqual(['other files that it refers to were left out']);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('adds no note for references within the file', async () => {
    const body =
      '<g id="a"><rect width="96" height="48"/></g><use xlink:href="#a"/><a href="https://example.org/"><g/></a>';
    expect((await readSvg(svg(body))).notes).toEqual([]);
  });

  it('makes a soft mask of what is transparent', async () => {
    const { image } = await readSvg(svg('<rect width="48" height="48" fill="#c8280a"/>'));
    expect(image.softMask).toBeDefined();
    expect(decodeFlateImage(image).length).toBeGreaterThan(0);
  });

  it('expands entities that are plain text, as Illustrator declares namespaces', async () => {
    const doctype =
      '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x" [<!-- names --><!ENTITY ns_svg "http://www.w3.org/2000/svg">\n<!ENTITY red \'#c8280a\'>]>';
    const body = '<svg xmlns="&ns_svg;" width="96" height="48"><rect width="96" height="48" fill="&red;"/></svg>';
    const { image } = await readSvg(Buffer.from(doctype + body));
    expect(image.colorSpace).toMatchObject({ kind: 'Indexed', palette: Uint8Array.of(200, 40, 10) });
  });

  it.each([
    ['that refer to a file', '<!ENTITY a SYSTEM "file:///etc/hostname">'],
    ['of a declaration', '<!ENTITY % a "b">'],
    ['that refer to each other', '<!ENTITY a "x"><!ENTITY b "&a;&a;">'],
    ['that contain markup', '<!ENTITY a "<rect/>">'],
    ['that are many', Array.from({ length: 65 }, (_none, at) => `<!ENTITY a${at} "x">`).join('')],
    ['that are long', `<!ENTITY a "${'x'.repeat(1025)}">`],
  ])('refuses entities %s', async (_what, declarations) => {
    const file = Buffer.concat([Buffer.from(`<!DOCTYPE svg [${declarations}]>`), svg('')]);
    await expect(readSvg(file)).rejects.toMatchObject({ code: 'unsupported_format' });
  });

  it('refuses entities that grow the document without limit', async () => {
    const doctype = `<!DOCTYPE svg [<!ENTITY a "${'x'.repeat(1024)}">]>`;
    const file = Buffer.concat([Buffer.from(doctype), svg(`<g id="${'&a;'.repeat(1025)}"/>`)]);
    await expect(readSvg(file)).rejects.toMatchObject({ code: 'unsupported_format' });
  });

  it('refuses damaged markup, and more pixels than the limit', async () => {
    await expect(readSvg(svg('<rect').subarray(0, -3))).rejects.toMatchObject({ code: 'corrupt_image' });
    const huge = Buffer.from(svg('').toString().replace('96', '20000').replace('48', '20000'));
    await expect(readSvg(huge)).rejects.toMatchObject({ code: 'too_many_pixels' });
  });
});
