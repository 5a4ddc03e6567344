import { describe, expect, it } from '@jest/globals';
import { PDFDocument } from 'pdf-lib';
import { documentOf, encrypt } from '@pdf-tools/harness/documents/documents';
import { produce } from '@pdf-tools/harness/documents/workshop';
import { readZip } from '@pdf-tools/harness/read-zip';
import operation from './definition.js';

const [small, large] = await Promise.all([
  documentOf(200),
  documentOf(...Array.from({ length: 40 }, (_none, at) => at + 100)),
]);
const BROKEN = Buffer.from('%PDF-1.7\nno');

interface Manifest {
  readonly files: readonly Readonly<Record<string, unknown>>[];
}

type Files = readonly (readonly [name: string, bytes: Uint8Array])[];

async function compress(files: Files, params: Readonly<Record<string, unknown>> = {}) {
  const product = await produce(operation, files, { params });
  const entries = await readZip(product.bytes);
  const manifest = JSON.parse(entries.at(-1)?.bytes.toString() ?? '') as Manifest;
  return { ...product, entries, manifest };
}

describe('compress-pdf of several files', () => {
  it('gives a ZIP in the order of the upload with a manifest', async () => {
    const files: Files = [
      ['b.pdf', large],
      ['a.pdf', small],
      ['B.pdf', small],
    ];
    const { entries, manifest, result, percents } = await compress(files);
    expect(entries.map(({ name }) => name)).toEqual(['b.pdf', 'a.pdf', 'B (2).pdf', 'manifest.json']);
    expect(entries.map(({ method }) => method)).toEqual([0, 0, 0, 8]);
    expect(entries.every(({ isUtf8, hasSizesFirst }) => isUtf8 && hasSizesFirst)).toBe(true);
    expect((await PDFDocument.load(entries[0]?.bytes ?? '')).getPageCount()).toBe(40);
    expect(manifest.files).toMatchObject([
      { index: 0, name: 'b.pdf', original_name: 'b.pdf', pages: 40, input_bytes: large.length, result: 'compressed' },
      { index: 1, name: 'a.pdf', original_name: 'a.pdf', pages: 1, output_bytes: entries[1]?.bytes.length },
      { index: 2, name: 'B (2).pdf', original_name: 'B.pdf', report: { input_bytes: small.length } },
    ]);
    expect(result.pages).toBeUndefined();
    expect(result.report).toMatchObject({ unchanged: false, input_bytes: large.length + 2 * small.length });
    expect(percents).toEqual([...percents].sort((left, right) => left - right));
  });

  it('gives the same result for each file as a request with that file', async () => {
    const { entries } = await compress([
      ['a.pdf', large],
      ['b.pdf', small],
    ]);
    const alone = await produce(operation, [['a.pdf', large]]);
    expect(entries[0]?.bytes.equals(alone.bytes)).toBe(true);
  });

  it('gives the same bytes for the same files', async () => {
    const files: Files = [
      ['a.pdf', large],
      ['b.pdf', small],
    ];
    expect((await compress(files)).bytes.equals((await compress(files)).bytes)).toBe(true);
  });

  it('names files that cannot be compressed, and compresses the others', async () => {
    const { entries, manifest, result } = await compress([
      ['broken.pdf', BROKEN],
      ['a.pdf', small],
      ['locked.pdf', await encrypt(small, 'open sesame')],
    ]);
    expect(entries.map(({ name }) => name)).toEqual(['a.pdf', 'manifest.json']);
    expect(manifest.files).toMatchObject([
      {
        index: 0,
        original_name: 'broken.pdf',
        error: { code: 'corrupt_pdf', detail: expect.stringContaining('"broken.pdf"') },
      },
      { index: 1, name: 'a.pdf' },
      { index: 2, original_name: 'locked.pdf', error: { code: 'password_required' } },
    ]);
    expect(result.report).toMatchObject({ failed_files: 2 });
  });

  it('fails with the error of the first file if none can be compressed', async () => {
    const files: Files = [
      ['x.pdf', BROKEN],
      ['y.pdf', BROKEN],
    ];
    await expect(produce(operation, files)).rejects.toMatchObject({
      code: 'corrupt_pdf',
      detail: expect.stringMatching(/^None of the 2 files can be compressed\. "x\.pdf"/),
      errors: [
        { file: 'x.pdf', index: 0 },
        { file: 'y.pdf', index: 1 },
      ],
    });
  });

  it('returns the originals if nothing gets smaller, and says so', async () => {
    const { entries, manifest, result } = await compress(
      [
        ['a.pdf', small],
        ['b.pdf', large],
      ],
      { dry_run: true },
    );
    expect(entries[1]?.bytes.equals(large)).toBe(true);
    expect(manifest.files).toMatchObject([{ result: 'original' }, { result: 'original' }]);
    expect(result.report).toMatchObject({ unchanged: true });
  });

  it('stops when the signal is aborted', async () => {
    const files: Files = [
      ['a.pdf', small],
      ['b.pdf', small],
    ];
    await expect(produce(operation, files, { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
  });
});
