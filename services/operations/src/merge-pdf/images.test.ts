import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PDFDocument } from 'pdf-lib';
import sharp from 'sharp';
import imageToPdf from '../image-to-pdf/definition.js';
import { PdfStream, readClaims, sourceNumber } from '@pdf-tools/pdf';
import { claimingPdf } from '@pdf-tools/harness/documents/claiming-pdf';
import { documentOf } from '@pdf-tools/harness/documents/documents';
import { pagesTiff } from '@pdf-tools/harness/documents/pages-tiff';
import { openBytes } from '@pdf-tools/harness/documents/pdf-folder';
import { readImages } from '@pdf-tools/harness/documents/read-back';
import { produce } from '@pdf-tools/harness/documents/workshop';
import operation from './definition.js';

const image = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: 'red' } });
const jpeg = (width: number, height: number) => image(width, height).withIccProfile('p3').jpeg().toBuffer();
const tiff = pagesTiff([10, 20, 30, 40], { little: true, big: false });

/** The gray value of each one-pixel image in a document. */
async function grays(bytes: Uint8Array): Promise<number[]> {
  const file = openBytes(Buffer.from(bytes));
  return (await readImages(bytes)).map(({ object }) => {
    const stream = file.load(sourceNumber(object));
    return stream instanceof PdfStream ? (file.decoded(stream).bytes.at(-1) ?? -1) : -1;
  });
}

describe('images in a merge', () => {
  it('need no temporary file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pdf-tools-test-'));
    try {
      const [path, workDir] = [join(folder, 'a.jpg'), join(folder, 'work')];
      await writeFile(path, await jpeg(96, 48));
      const input = { path, name: 'a.jpg', bytes: 1, format: 'jpeg' as const };
      const outputPath = join(folder, 'out.pdf');
      const { signal } = new AbortController();
      await operation.run(
        {
          inputs: [input],
          workDir,
          outputPath,
          signal,
          progress: () => undefined,
          repair: () => Promise.resolve(undefined),
        },
        {},
      );
      expect([existsSync(outputPath), existsSync(workDir)]).toEqual([true, false]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('do not write frames that are not taken', async () => {
    const params = {
      items: [
        { file: 0, pages: 'r1,2' },
        { file: 0, pages: '2' },
      ],
    };
    const { bytes, result } = await produce(operation, [['a.tiff', tiff]], { params });
    expect((await grays(bytes)).sort()).toEqual([20, 40]);
    expect(result.report).toMatchObject({ pages: 3, files: [{ name: 'a.tiff', pages: 3 }] });
  });

  it('are refused if a requested frame does not exist', async () => {
    const files = [['a.pdf', await documentOf(200)] as const, ['a.tiff', tiff] as const];
    await expect(produce(operation, files, { params: { items: [{ file: 1, pages: '5' }] } })).rejects.toMatchObject({
      code: 'invalid_range',
      errors: [{ file: 'a.tiff', index: 1 }],
    });
  });

  it('are written once if files or pages repeat them', async () => {
    const bytes = await jpeg(96, 48);
    const asPdf = await produce(imageToPdf, [['a.jpg', bytes]]);
    const files = [['a.jpg', bytes] as const, ['b.pdf', asPdf.bytes] as const, ['c.jpg', bytes] as const];
    const params = { items: [0, 1, 2, 0, 2].map((file) => ({ file })) };
    const merged = await produce(operation, files, { params });
    expect(merged.result.pages).toBe(5);
    expect(await readImages(merged.bytes)).toHaveLength(1);
  });

  it('are rotated, padded, collated and bookmarked like PDF pages', async () => {
    const files = [
      ['a.png', await image(96, 48).png().toBuffer()] as const,
      ['b.pdf', await documentOf(200, 201)] as const,
      ['c.png', await image(144, 96).png().toBuffer()] as const,
    ];
    const items = [{ file: 0, rotate: 90, title: 'First' }, { file: 1 }, { file: 2 }, { file: 0 }];
    const params = { items, pad_to_even: true, collate: true, toc: true };
    const { bytes } = await produce(operation, files, { params });
    const [, ...pages] = (await PDFDocument.load(bytes)).getPages();
    expect(pages.map((page) => [page.getWidth(), page.getHeight(), page.getRotation().angle])).toEqual([
      [72, 36, 90],
      [200, 100, 0],
      [108, 72, 0],
      [72, 36, 0],
      [72, 36, 90],
      [201, 100, 90],
      [108, 72, 0],
      [72, 36, 0],
    ]);
    expect(openBytes(bytes).catalog.has('Outlines')).toBe(true);
  });

  it('are encrypted with the rest of the result', async () => {
    const png = await image(96, 48).png({ palette: true }).toBuffer();
    const params = { output_password: 'open sesame' };
    const plain = await produce(imageToPdf, [['a.png', png]]);
    const { bytes } = await produce(operation, [['a.png', png]], { params });
    const again = await produce(operation, [['a.pdf', bytes]], {
      params: { items: [{ file: 0, password: 'open sesame' }] },
    });
    const [expected, found] = [await readImages(plain.bytes), await readImages(again.bytes)];
    expect(found.map(({ contents }) => contents)).toEqual(expected.map(({ contents }) => contents));
    expect(found.map(({ dict }) => dict.toString().replace(/\d+ 0 R/g, 'R'))).toEqual(
      expected.map(({ dict }) => dict.toString().replace(/\d+ 0 R/g, 'R')),
    );
  });

  it.each([0, 1])('make the result drop a PDF/A claim, with the image at position %i', async (at) => {
    const files: (readonly [string, Buffer])[] = [['a.pdf', claimingPdf({ part: 1 })]];
    const { bytes, result } = await produce(operation, files.toSpliced(at, 0, ['b.jpg', await jpeg(96, 48)]));
    expect(readClaims(openBytes(bytes))).toEqual([]);
    expect(JSON.stringify(result.report)).toContain('no longer claims PDF/A-1b: \\"b.jpg\\" does not claim PDF/A');
  });
});
