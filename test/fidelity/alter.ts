import { PDFDict, PDFDocument, PDFName, PDFRawStream } from 'pdf-lib';
import type { PDFRef } from 'pdf-lib';

/** Returns the document with a change, written again. */
export async function damage(bytes: Buffer, work: (document: PDFDocument) => void | Promise<void>): Promise<Buffer> {
  const document = await PDFDocument.load(bytes, { updateMetadata: false });
  await work(document);
  return Buffer.from(await document.save({ updateFieldAppearances: false }));
}

/** Returns the dictionaries that are objects of their own. */
export function dictsOf({ context }: PDFDocument): PDFDict[] {
  return context.enumerateIndirectObjects().flatMap(([, object]) => (object instanceof PDFDict ? [object] : []));
}

/** Returns the dictionary that has a text under a key. Throws if no dictionary has it. */
function withText(document: PDFDocument, key: string, text: string): PDFDict {
  const found = dictsOf(document).find((dict) => dict.get(PDFName.of(key))?.toString() === `(${text})`);
  if (!found) throw new Error(`nothing has ${text} for its ${key}`);
  return found;
}

/** Returns the outline item with a title. */
export const titled = (document: PDFDocument, title: string): PDFDict => withText(document, 'Title', title);
/** Returns the field with a partial name. */
export const named = (document: PDFDocument, name: string): PDFDict => withText(document, 'T', name);

/** Returns the stream whose bytes contain a text, with its reference. */
export function streamWith({ context }: PDFDocument, text: string): readonly [PDFRef, PDFRawStream] {
  for (const [ref, object] of context.enumerateIndirectObjects()) {
    if (object instanceof PDFRawStream && Buffer.from(object.getContents()).includes(text))
      return [ref, object] as const;
  }
  throw new Error(`no stream has ${text}`);
}
