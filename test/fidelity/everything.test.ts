import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PDFDocument, PDFName } from 'pdf-lib';
import { everything } from '@pdf-tools/harness/documents/everything';

const run = promisify(execFile);

/** The file exists in a folder of the test while `work` runs. */
async function withFile<T>(bytes: Uint8Array, work: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'pdf-tools-test-'));
  try {
    const path = join(folder, 'in.pdf');
    await writeFile(path, bytes);
    return await work(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const CATALOG = [
  ...['AF', 'AcroForm', 'Dests', 'Lang', 'MarkInfo', 'Metadata', 'Names', 'OCProperties', 'OpenAction', 'Outlines'],
  ...['OutputIntents', 'PageLabels', 'PageLayout', 'PageMode', 'Pages', 'StructTreeRoot', 'Threads', 'Type', 'Version'],
  'ViewerPreferences',
];

describe('everything()', () => {
  it('has the same bytes for the same options, and other bytes for other options', async () => {
    const [once, again, other] = [
      await everything({ label: 'A' }),
      await everything({ label: 'A' }),
      await everything({ label: 'B' }),
    ];
    expect(once.equals(again)).toBe(true);
    expect(once.equals(other)).toBe(false);
  });

  it('is a well-formed document for an independent reader', async () => {
    const bytes = await everything({ label: 'A', pages: 7, otherMeanings: true });
    const { stdout } = await withFile(bytes, (path) => run('qpdf', ['--check', path]));
    expect(stdout).toContain('No syntax or stream encoding errors found');
    const document = await PDFDocument.load(bytes);
    expect(document.getPageCount()).toBe(7);
    expect(document.getPage(4).getRotation().angle).toBe(90);
  });

  it('has every entry of the catalog that it is made for', async () => {
    const { catalog } = await PDFDocument.load(await everything({ label: 'A' }));
    expect(
      catalog
        .keys()
        .map((key) => key.decodeText())
        .sort(),
    ).toEqual(CATALOG);
  });

  it('tags its text, and reads in the order of the pages', async () => {
    const args = ['-struct-text'];
    const { stdout } = await withFile(await everything({ label: 'A' }), (path) => run('pdfinfo', [...args, path]));
    expect(stdout.match(/A (?:page|callout|head|cell) \d/g)?.slice(0, 5)).toEqual([
      'A page 1',
      'A callout 1',
      'A head 1',
      'A cell 1',
      'A page 2',
    ]);
    expect(stdout).toContain('/Headers [(head)]');
  });

  it('collides with another label on the first of two names only', async () => {
    const [first, second] = [await everything({ label: 'A' }), await everything({ label: 'B' })];
    const namesOf = async (bytes: Uint8Array): Promise<string[]> =>
      (await PDFDocument.load(bytes))
        .getForm()
        .getFields()
        .map((field) => field.getName());
    const [ofFirst, ofSecond] = [await namesOf(first), await namesOf(second)];
    expect(ofFirst).toContain('address.street-A');
    expect(ofFirst.filter((name) => ofSecond.includes(name))).toEqual([
      'total',
      'agree',
      'choice',
      'colour',
      'signature',
      'address.street',
    ]);
  });

  it('shares names with other meanings on request', async () => {
    const roleOf = async (otherMeanings: boolean): Promise<string | undefined> => {
      const { catalog, context } = await PDFDocument.load(await everything({ label: 'A', otherMeanings }));
      const roles = context.lookup(catalog.get(PDFName.of('StructTreeRoot')))?.toString();
      return /\/Callout (\/\w+)/.exec(roles ?? '')?.[1];
    };
    expect([await roleOf(false), await roleOf(true)]).toEqual(['/Note', '/BlockQuote']);
  });
});
