import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OPERATIONS } from '@pdf-tools/operations/registry';
import { documentOf } from '@pdf-tools/harness/documents/documents';
import { everything } from '@pdf-tools/harness/documents/everything';
import { pagesPdf } from '@pdf-tools/harness/documents/pages-pdf';
import { produce } from '@pdf-tools/harness/documents/workshop';
import { ask, isWorse, popplerPages, qpdfCheck, runReader } from '../corpus/readers.js';

const CORPUS = fileURLToPath(new URL('../../../../shared/corpus/pdf', import.meta.url));
const SAMPLES = 40;
const MAX_SAMPLE_BYTES = 3 * 2 ** 20;
const PASSWORD = 'secret';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pdf-tools-linearize-'));
});
afterAll(() => rm(folder, { recursive: true }));

type Params = Readonly<Record<string, unknown>>;

async function write(name: keyof typeof OPERATIONS, document: Buffer, params: Params): Promise<string> {
  const { bytes } = await produce(OPERATIONS[name], [['a.pdf', document]], { params });
  const path = join(folder, 'out.pdf');
  await writeFile(path, bytes);
  return path;
}

const ANNOTATION = '<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /P 10 0 R >>';
const OUTLINE = {
  20: '<< /Type /Outlines /First 21 0 R /Last 22 0 R /Count 2 >>',
  21: '<< /Title (One) /Parent 20 0 R /Next 22 0 R /Dest [10 0 R /Fit] >>',
  22: '<< /Title (Two) /Parent 20 0 R /Prev 21 0 R /A 23 0 R >>',
  23: '<< /S /GoTo /D [11 0 R /Fit] >>',
};

/** Documents by what is special about them. */
const DOCUMENTS: readonly (readonly [name: string, create: () => Buffer | Promise<Buffer>])[] = [
  ['one page', () => pagesPdf('TEXT', 1)],
  ['a font that all pages share', () => pagesPdf('TEXT', 9)],
  ['300 pages', () => documentOf(...Array.from({ length: 300 }, (_none, at) => 100 + at))],
  ['every feature', () => everything({ label: 'TEXT', pages: 8 })],
  ['every feature on 60 pages', () => everything({ label: 'TEXT', pages: 60 })],
  ['outlines', () => pagesPdf('TEXT', 3, { catalog: '/Outlines 20 0 R', objects: OUTLINE })],
  [
    'outlines that open first, with an action that a page shares',
    () =>
      pagesPdf('TEXT', 3, {
        catalog: '/Outlines 20 0 R /PageMode /UseOutlines',
        page: (at) => (at === 2 ? '/AA << /O 23 0 R >>' : ''),
        objects: OUTLINE,
      }),
  ],
  [
    'an annotation that two pages share',
    () => pagesPdf('TEXT', 4, { page: (at) => (at > 1 ? '/Annots [20 0 R]' : ''), objects: { 20: ANNOTATION } }),
  ],
  [
    'a page that other objects refer to',
    () =>
      pagesPdf('TEXT', 3, {
        catalog: '/OpenAction [12 0 R /Fit] /Names << /Dests << /Names [(a) [11 0 R /Fit]] >> >>',
        page: (at) => `/Thumb 2${at} 0 R`,
        objects: { 20: ANNOTATION, 21: ANNOTATION, 22: ANNOTATION },
      }),
  ],
];

/** The lines with which qpdf complains about a file. */
async function complaints(path: string, options: readonly string[] = []): Promise<string> {
  const check = await ask('qpdf', [...options, '--check', path]);
  const shown = await ask('qpdf', [...options, '--show-linearization', path]);
  expect(check.text).toContain('File is linearized');
  return `${check.text}\n${shown.text}`
    .split('\n')
    .filter((line) => /WARNING|ERROR|error|mismatch|warnings/.test(line) && !line.startsWith('No syntax'))
    .filter((line) => line !== 'errors that qpdf cannot detect')
    .join('\n');
}

describe.each(['compress-pdf', 'merge-pdf'] as const)('%s with linearize', (name) => {
  const fixed: Params = name === 'compress-pdf' ? { on_signed: 'compress' } : {};

  it.each(DOCUMENTS)('writes a document with %s as qpdf expects it', async (_name, create) => {
    const path = await write(name, await create(), { ...fixed, linearize: true });
    expect(await complaints(path)).toBe('');
  });

  it('writes an encrypted document as qpdf expects it', async () => {
    const document = await everything({ label: 'TEXT', pages: 8 });
    const path = await write(name, document, { ...fixed, linearize: true, output_password: PASSWORD });
    expect(await complaints(path, [`--password=${PASSWORD}`])).toBe('');
    expect((await ask('pdftotext', ['-upw', PASSWORD, path, '-'])).text).toContain('TEXT page 8');
  });

  it('keeps the text and the number of pages', async () => {
    const document = await everything({ label: 'TEXT', pages: 12 });
    const plain = await write(name, document, fixed);
    const before = await ask('pdftotext', ['-layout', plain, '-']);
    const path = await write(name, document, { ...fixed, linearize: true });
    expect(await ask('pdftotext', ['-layout', path, '-'])).toEqual(before);
    expect(await popplerPages(path)).toBe(12);
  });
});

/** The text of a file without the messages of the reader. */
async function textOf(path: string): Promise<string> {
  return (await runReader('pdftotext', [path, '-'])).stdout;
}

async function corpusSamples(): Promise<string[]> {
  const names = (await readdir(CORPUS, { recursive: true })).filter((name) => name.endsWith('.pdf')).sort();
  const paths = names.map((name) => join(CORPUS, name));
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  const small = paths.filter((_path, at) => (sizes[at] ?? 0) < MAX_SAMPLE_BYTES);
  return small.filter((_path, at) => at % Math.floor(small.length / SAMPLES) === 0);
}

(existsSync(CORPUS) ? describe : describe.skip)('compress-pdf with linearize, for files of the corpus', () => {
  it('writes files that qpdf accepts as it accepts the same files without linearize', async () => {
    const wrong: string[] = [];
    let linearized = 0;
    for (const sample of await corpusSamples()) {
      const document = await readFile(sample);
      const plain = await write('compress-pdf', document, {}).catch(() => undefined);
      if (plain === undefined) continue;
      const before = { ...(await qpdfCheck(plain)), pages: await textOf(plain) };
      const path = await write('compress-pdf', document, { linearize: true });
      const { status, text } = await qpdfCheck(path);
      if (text.includes('File is linearized')) linearized += 1;
      const isDamaged = isWorse(status, before.status) || (await textOf(path)) !== before.pages;
      if (isDamaged) wrong.push(`${sample} ${before.status} ${text}`);
    }
    expect(wrong).toEqual([]);
    expect(linearized).toBeGreaterThan(SAMPLES / 2);
  });
});
