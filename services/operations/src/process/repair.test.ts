import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { documentOf } from '@pdf-tools/harness/documents/documents';
import { MemorySource, PdfFile, readPageTree } from '@pdf-tools/pdf';
import { repairWithQpdf } from './repair.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pdf-tools-test-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

// `make test` installs qpdf. Unit tests also run without it.
const installed = existsSync('/usr/bin/qpdf') && existsSync('/usr/bin/prlimit');

describe('repairWithQpdf', () => {
  it('writes a copy with the pages of a damaged file', async () => {
    const [path, target] = [join(folder, 'damaged.pdf'), join(folder, 'repaired.pdf')];
    const document = await documentOf(200, 202);
    await writeFile(path, document.subarray(0, document.lastIndexOf('xref')));
    expect(await repairWithQpdf(path, target)).toBe(installed);
    if (!installed) return;
    const file = new PdfFile(new MemorySource(await readFile(target)));
    expect(readPageTree(file).pages).toHaveLength(2);
  });

  it('returns false for a file that qpdf cannot read either', async () => {
    const path = join(folder, 'nothing.pdf');
    await writeFile(path, '%PDF-1.7 and nothing else');
    expect(await repairWithQpdf(path, join(folder, 'never.pdf'))).toBe(false);
  });
});
