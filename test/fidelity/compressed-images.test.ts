import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import compressPdf from '@pdf-tools/operations/compress-pdf/definition';
import { atFullSize, tableCases, tableDocument } from '@pdf-tools/harness/documents/image-table/table';
import { produce } from '@pdf-tools/harness/documents/workshop';
import { tableFaults } from '../corpus/table-faults.js';
import type { ImageEntry } from '../corpus/table-faults.js';

/** `make corpus ONLY=table` checks all combinations. */
const SHARE = 90;
const cases = tableCases().filter((_each, index) => index % SHARE === 7);

jest.setTimeout(240_000);

describe('images of each colour space, filter, mask and placement', () => {
  it.each([
    ['look the same after compression', {}, cases],
    ['keep every pixel without loss', { level: 'lossless' }, cases.map(atFullSize)],
  ])('%s', async (_what, params, pages) => {
    const folder = await mkdtemp(join(tmpdir(), 'pdf-tools-test-'));
    try {
      const [input, output] = [join(folder, 'in.pdf'), join(folder, 'out.pdf')];
      const document = await tableDocument(pages);
      const { bytes, result } = await produce(compressPdf, [['a.pdf', document]], { params });
      await writeFile(input, document);
      await writeFile(output, bytes);
      const { images } = result.report as unknown as { images: ImageEntry[] };
      const isExact = 'level' in params;
      expect(await tableFaults({ cases: pages, input, output, images, isExact })).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
