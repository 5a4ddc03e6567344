import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument, PDFName, PDFRawStream, degrees } from 'pdf-lib';
import type { PDFContext, PDFRef } from 'pdf-lib';
import { MemorySource, PdfFile, createEncryption, rewriteDocument } from '@pdf-tools/pdf';

/** A document with a page for each width, 100 units high, that shows its width. For unit tests. */
export async function documentOf(...widths: readonly number[]): Promise<Buffer> {
  const document = await PDFDocument.create({ updateMetadata: false });
  for (const width of widths) {
    const page = document.addPage([width, 100]);
    page.drawText(`page ${width}`, { x: 5, y: 50, size: 10 });
    if (width % 2 === 1) page.setRotation(degrees(90));
  }
  return save(document);
}

/** A one-page document of 153 by 198 units that draws an image with these dictionary entries. */
export async function documentWithImage(
  entries: Readonly<Record<string, string | number | PDFRef>>,
  contents: Uint8Array,
  prepare?: (context: PDFContext, document: PDFDocument) => Readonly<Record<string, PDFRef>>,
): Promise<Buffer> {
  const document = await PDFDocument.create({ updateMetadata: false });
  const page = document.addPage([153, 198]);
  const { context } = document;
  const more = prepare?.(context, document) ?? {};
  const dict = context.obj({ Type: 'XObject', Subtype: 'Image', BitsPerComponent: 8, ...entries, ...more });
  const image = context.register(PDFRawStream.of(dict, contents));
  page.node.setXObject(PDFName.of('Im0'), image);
  page.node.addContentStream(context.register(context.stream('q 153 0 0 198 0 0 cm /Im0 Do Q')));
  return save(document);
}

/** A document's bytes without object streams, so that tests can search them. */
export async function save(document: PDFDocument): Promise<Buffer> {
  return Buffer.from(await document.save({ useObjectStreams: false, updateFieldAppearances: false }));
}

/** The document encrypted with AES-256. An empty user password opens without one. */
export async function encrypt(document: Buffer, userPassword: string, ownerPassword = 'owner'): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'pdf-tools-test-'));
  try {
    const path = join(folder, 'encrypted.pdf');
    const file = new PdfFile(new MemorySource(document));
    rewriteDocument(file, path, { encryption: createEncryption({ userPassword, ownerPassword }) });
    return await readFile(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
