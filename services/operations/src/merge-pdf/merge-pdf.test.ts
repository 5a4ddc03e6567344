import { describe, expect, it } from '@jest/globals';
import { PDFArray, PDFDict, PDFDocument, PDFName, PDFNumber, PDFString } from 'pdf-lib';
import sharp from 'sharp';
import { documentOf, encrypt, save } from '@pdf-tools/harness/documents/documents';
import { pagesPdf } from '@pdf-tools/harness/documents/pages-pdf';
import { openBytes } from '@pdf-tools/harness/documents/pdf-folder';
import { produce } from '@pdf-tools/harness/documents/workshop';
import operation from './definition.js';

const widths = async (bytes: Uint8Array): Promise<number[]> =>
  (await PDFDocument.load(bytes)).getPages().map((page) => page.getWidth());

describe('merge-pdf', () => {
  it('keeps the order of files and pages and accepts a file twice', async () => {
    const [a, b] = [await documentOf(200, 201), await documentOf(300)];
    const files = [['b.pdf', b] as const, ['a.pdf', a] as const, ['b.pdf', b] as const];
    const { bytes, result, percents } = await produce(operation, files);
    expect(await widths(bytes)).toEqual([300, 200, 201, 300]);
    expect(result.pages).toBe(4);
    expect(result.report).toMatchObject({
      pages: 4,
      files: [
        { index: 0, name: 'b.pdf', pages: 1 },
        { index: 1, name: 'a.pdf', pages: 2 },
        { index: 2, name: 'b.pdf', pages: 1 },
      ],
    });
    expect(percents.at(-1)).toBe(100);
  });

  it('keeps rotation, boxes and inherited attributes', async () => {
    const document = await PDFDocument.load(await documentOf(200, 201));
    const { context } = document;
    const tree = document.catalog.Pages();
    tree.set(PDFName.of('CropBox'), context.obj([10, 10, 90, 90]));
    tree.set(PDFName.of('Rotate'), PDFNumber.of(180));
    document.getPage(0).node.delete(PDFName.of('Rotate'));
    const { bytes } = await produce(operation, [['a.pdf', await save(document)]]);
    const [first, second] = (await PDFDocument.load(bytes)).getPages();
    expect(first?.getCropBox()).toEqual({ x: 10, y: 10, width: 80, height: 80 });
    expect(first?.getRotation().angle).toBe(180);
    expect(second?.getRotation().angle).toBe(90);
    expect(first?.node.Resources()?.get(PDFName.of('Font'))).toBeDefined();
  });

  it('points links to the pages of the result and copies no page twice', async () => {
    const document = await PDFDocument.load(await documentOf(200, 202));
    const target = document.getPage(1).ref;
    const link = document.context.obj({ Type: 'Annot', Subtype: 'Link', Rect: [0, 0, 9, 9], Dest: [target, 'Fit'] });
    document.getPage(0).node.addAnnot(document.context.register(link));
    const { bytes } = await produce(operation, [
      ['x.pdf', await documentOf(300)],
      ['a.pdf', await save(document)],
    ]);
    const merged = await PDFDocument.load(bytes);
    const annot = merged.getPage(1).node.Annots()?.lookup(0, PDFDict);
    expect(annot?.lookup(PDFName.of('Dest'), PDFArray).get(0)).toBe(merged.getPage(2).ref);
    const pages = merged.context
      .enumerateIndirectObjects()
      .filter(([, object]) => object instanceof PDFDict && object.get(PDFName.of('Type')) === PDFName.of('Page'));
    expect(pages).toHaveLength(3);
  });

  it('converts images to pages', async () => {
    const image = sharp({ create: { width: 96, height: 48, channels: 3, background: 'red' } });
    const { bytes, result } = await produce(operation, [
      ['a.pdf', await documentOf(200)],
      ['b.jpg', await image.clone().jpeg().toBuffer()],
      ['c.png', await image.clone().png().toBuffer()],
    ]);
    expect(await widths(bytes)).toEqual([200, 72, 72]);
    expect(result.pages).toBe(3);
  });

  it('keeps the form fields of all files and the language of the first', async () => {
    const withLang = async (lang: string): Promise<Buffer> => {
      const document = await PDFDocument.load(await documentOf(200));
      document.catalog.set(PDFName.of('Lang'), PDFString.of(lang));
      document.getForm().createTextField('name').addToPage(document.getPage(0));
      return save(document);
    };
    const alone = await produce(operation, [['a.pdf', await withLang('de')]]);
    expect((await PDFDocument.load(alone.bytes)).getForm().getFields()).toHaveLength(1);
    const files = [['a.pdf', await withLang('de')] as const, ['b.pdf', await withLang('en')] as const];
    const { bytes, result } = await produce(operation, files);
    const merged = await PDFDocument.load(bytes);
    expect(merged.catalog.get(PDFName.of('Lang'))?.toString()).toBe('(de)');
    const fields = merged.getForm().getFields();
    expect(fields.map((field) => field.getName())).toEqual(['name', 'name_2']);
    expect(result.report).toMatchObject({
      files: [{ pages: 1 }, { renamed: { 'form fields': { name: 'name_2' } }, not_kept: ['language'] }],
    });
  });

  it.each([
    ['for its user', 'open sesame', { items: [{ file: 0, password: 'open sesame' }] }],
    ['for its owner', 'open sesame', { items: [{ file: 0, password: 'owner' }] }],
    ['for all', '', {}],
  ])('opens an encrypted file %s', async (_who, password, params) => {
    const secret = await encrypt(await documentOf(300), password);
    const { bytes, result } = await produce(operation, [['a.pdf', secret]], { params });
    expect(await widths(bytes)).toEqual([300]);
    const restricted = [{ index: 0, name: 'a.pdf', pages: 1, notes: ['restrictions of its owner are not kept'] }];
    if (password === '') expect(result.report.files).toEqual(restricted);
  });

  it('stops at cycles in a page tree', async () => {
    const text = (await documentOf(200)).toString('latin1');
    const tree = /\/Pages (\d+ 0 R)/.exec(text)?.[1] ?? '';
    const looped = text.replace(/\/Kids \[ /, `/Kids [ ${tree} `);
    expect(looped).not.toBe(text);
    const { bytes } = await produce(operation, [['a.pdf', Buffer.from(looped, 'latin1')]]);
    expect(await widths(bytes)).toEqual([200]);
  });

  it('writes the same bytes for the same input', async () => {
    const files = [['a.pdf', await documentOf(200, 201)] as const];
    const [first, second] = [await produce(operation, files), await produce(operation, files)];
    expect(first.bytes.equals(second.bytes)).toBe(true);
  });
});

describe('merge-pdf refuses', () => {
  const second = (bytes: Buffer) =>
    documentOf(200).then((good) => produce(operation, [['good.pdf', good] as const, ['bad.pdf', bytes] as const]));

  it('an unreadable file', async () => {
    await expect(second(Buffer.from('%PDF-1.7\nthis is no PDF at all'))).rejects.toMatchObject({
      code: 'corrupt_pdf',
      errors: [{ file: 'bad.pdf', index: 1 }],
    });
  });

  it('an encrypted file without its password or with another', async () => {
    const secret = await encrypt(await documentOf(300), 'open sesame');
    await expect(second(secret)).rejects.toMatchObject({
      code: 'password_required',
      detail: expect.stringMatching(/^"bad.pdf" needs a password\. Give its password in "items\[1\]\.password"\.$/),
      errors: [{ file: 'bad.pdf', index: 1, param: 'items[1].password' }],
    });
    const good = ['good.pdf', await documentOf(200)] as const;
    const params = { items: [{ file: 1 }, { file: 0 }, { file: 0, password: 'sesame' }] };
    await expect(produce(operation, [['bad.pdf', secret], good], { params })).rejects.toMatchObject({
      code: 'password_wrong',
      detail: expect.stringMatching(
        /^"bad.pdf" cannot be opened with this password\. Correct "items\[2\]\.password"\.$/,
      ),
      errors: [{ file: 'bad.pdf', index: 0, param: 'items[2].password' }],
    });
  });

  it('a document without pages', async () => {
    const empty = await PDFDocument.create();
    const bytes = Buffer.from(await empty.save({ addDefaultPage: false }));
    await expect(second(bytes)).rejects.toMatchObject({ code: 'corrupt_pdf', errors: [{ index: 1 }] });
  });

  it('a truncated image', async () => {
    const jpeg = await sharp({ create: { width: 96, height: 48, channels: 3, background: 'red' } })
      .jpeg()
      .toBuffer();
    await expect(second(jpeg.subarray(0, -9))).rejects.toMatchObject({ code: 'corrupt_image', errors: [{ index: 1 }] });
  });
});

describe('missing pages', () => {
  it('are reported', async () => {
    const announced = pagesPdf('A', 2).toString('latin1').replace('/Count 2', '/Count 9');
    const dangling = pagesPdf('B', 2).toString('latin1').replace('[10 0 R 11 0 R]', '[10 0 R 77 0 R]');
    const files = [announced, dangling].map((text, at) => [`${at}.pdf`, Buffer.from(text, 'latin1')] as const);
    const { result } = await produce(operation, files);
    expect(result.pages).toBe(3);
    expect(result.report).toMatchObject({
      files: [
        { notes: ['its page tree announces 9 pages, of which 2 were found'] },
        { notes: ['its page tree announces 2 pages, of which 1 were found'] },
      ],
    });
  });
});

describe('a PDF without a header', () => {
  const document = pagesPdf('HEADLESS', 2).toString('latin1');

  it.each([
    ['cut off, so that every offset is wrong', document.slice(document.indexOf('1 0 obj'))],
    ['overwritten', document.replace('%PDF-1.7', '%???-?.?')],
    ['cut in the middle', document.slice(3)],
  ])('is read: %s', async (_, text) => {
    const { bytes, result } = await produce(operation, [['a.pdf', Buffer.from(text, 'latin1')]]);
    expect(result.pages).toBe(2);
    expect(await widths(bytes)).toEqual([300, 300]);
  });
});

describe('a portfolio', () => {
  const files = '/Names << /EmbeddedFiles << /Names [(a) 20 0 R] >> >>';
  const objects = { 20: '<< /Type /Filespec /F (a.txt) >>' };
  const portfolio = pagesPdf('COVER', 1, { catalog: `/Collection << /View /D >> ${files}`, objects });

  it('becomes a document with attachments if other files follow it', async () => {
    const named = [['p.pdf', portfolio] as const, ['a.pdf', pagesPdf('A', 1)] as const];
    const { bytes, result } = await produce(operation, named);
    const { catalog } = openBytes(bytes);
    expect([catalog.has('Collection'), catalog.has('Names')]).toEqual([false, true]);
    expect(result.report).toMatchObject({ files: [{ not_kept: ['portfolio'] }, {}] });
  });

  it('is kept if it is the only file', async () => {
    const { bytes } = await produce(operation, [['p.pdf', portfolio]]);
    expect(openBytes(bytes).catalog.has('Collection')).toBe(true);
  });
});
