import { describe, expect, it } from '@jest/globals';
import { PDFDocument } from 'pdf-lib';
import sharp from 'sharp';
import { openBytes } from '@pdf-tools/harness/documents/pdf-folder';
import { produce } from '@pdf-tools/harness/documents/workshop';
import { readZip } from '@pdf-tools/harness/read-zip';
import operation from './definition.js';

type Files = readonly (readonly [name: string, bytes: Uint8Array])[];

const png = (width: number): Promise<Buffer> =>
  sharp({ create: { width, height: 10, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
const [narrow, wide] = await Promise.all([png(100), png(200)]);
const BROKEN = narrow.subarray(0, 40);

async function convert(files: Files, params: Readonly<Record<string, unknown>> = {}) {
  const product = await produce(operation, files, { params: { combine: 'false', ...params } });
  const entries = await readZip(product.bytes);
  const manifest: unknown = JSON.parse(entries.at(-1)?.bytes.toString() ?? '');
  return { ...product, entries, manifest };
}

describe('image-to-pdf with combine=false', () => {
  it('gives a ZIP with a PDF for each file and a manifest, in the order of the upload', async () => {
    const files: Files = [
      ['b.png', wide],
      ['a.png', narrow],
      ['B.PNG', narrow],
      ['b', narrow],
    ];
    const { entries, manifest, result, percents } = await convert(files);
    expect(entries.map(({ name }) => name)).toEqual(['b.pdf', 'a.pdf', 'B (2).pdf', 'b (3).pdf', 'manifest.json']);
    const widths = await Promise.all(
      entries.slice(0, -1).map(async ({ bytes }) => (await PDFDocument.load(bytes)).getPage(0).getWidth()),
    );
    expect(widths).toEqual([150, 75, 75, 75]);
    const described = [
      { index: 0, name: 'b.pdf', original_name: 'b.png', pages: 1, input_bytes: wide.length },
      {
        index: 1,
        name: 'a.pdf',
        output_bytes: entries[1]?.bytes.length,
        report: { images: [{ page: 1, width: 100 }] },
      },
      { index: 2, name: 'B (2).pdf', original_name: 'B.PNG' },
      { index: 3, name: 'b (3).pdf', original_name: 'b' },
    ];
    expect(manifest).toMatchObject({ files: described });
    expect(result.pages).toBeUndefined();
    expect(result.report).toMatchObject({ files: described });
    expect(percents).toEqual([...percents].sort((left, right) => left - right));
  });

  it('gives the same PDF for each file as a request with that file', async () => {
    const params = { page_size: 'A5', margin: '1cm' };
    const { entries } = await convert(
      [
        ['a.png', wide],
        ['b.png', narrow],
      ],
      { ...params, rotate: '90,0' },
    );
    const expected = await Promise.all([
      produce(operation, [['a.png', wide]], { params: { ...params, rotate: 90 } }),
      produce(operation, [['b.png', narrow]], { params }),
    ]);
    expect(entries.slice(0, -1).map(({ bytes }) => bytes)).toEqual(expected.map(({ bytes }) => bytes));
  });

  it('gives a ZIP for one file too, and sorts by order', async () => {
    expect((await convert([['a.png', wide]])).entries).toHaveLength(2);
    const files: Files = [
      ['10.png', wide],
      ['9.png', narrow],
    ];
    const { entries } = await convert(files, { order: 'natural' });
    expect(entries.map(({ name }) => name)).toEqual(['9.pdf', '10.pdf', 'manifest.json']);
  });

  it('encrypts each PDF', async () => {
    const { entries } = await convert([['a.png', wide]], { output_password: 'open sesame' });
    expect(openBytes(entries[0]?.bytes ?? Buffer.alloc(0), 'open sesame').isEncrypted).toBe(true);
  });

  it('names a broken file in the manifest, and fails if all files are broken', async () => {
    const { entries, manifest } = await convert([
      ['a.png', BROKEN],
      ['b.png', wide],
    ]);
    expect(entries.map(({ name }) => name)).toEqual(['b.pdf', 'manifest.json']);
    expect(manifest).toMatchObject({
      files: [{ index: 0, original_name: 'a.png', error: { code: 'corrupt_image' } }, { index: 1 }],
    });
    await expect(
      convert([
        ['a.png', BROKEN],
        ['b.png', BROKEN],
      ]),
    ).rejects.toMatchObject({ code: 'corrupt_image', errors: [{ file: 'a.png' }, { file: 'b.png' }] });
  });
});
