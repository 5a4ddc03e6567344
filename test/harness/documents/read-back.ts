import type { PDFDict } from 'pdf-lib';
import { PDFArray, PDFDocument, PDFName, PDFNumber, PDFRawStream } from 'pdf-lib';

/** An image XObject of a result. */
export interface ImageFacts {
  readonly object: number;
  readonly width: number;
  readonly height: number;
  readonly filter: string;
  readonly colorSpace: string;
  readonly dict: PDFDict;
  readonly contents: Buffer;
}

/** All image XObjects of a document in the order of their numbers. For unit tests. */
export async function readImages(bytes: Uint8Array): Promise<ImageFacts[]> {
  const { context } = await PDFDocument.load(bytes);
  return context.enumerateIndirectObjects().flatMap(([ref, object]) => {
    if (!(object instanceof PDFRawStream) || object.dict.get(PDFName.of('Subtype')) !== PDFName.of('Image')) return [];
    return [
      {
        object: ref.objectNumber,
        width: object.dict.lookup(PDFName.of('Width'), PDFNumber).asNumber(),
        height: object.dict.lookup(PDFName.of('Height'), PDFNumber).asNumber(),
        filter: object.dict.lookup(PDFName.of('Filter'))?.toString().replace('/', '') ?? 'none',
        colorSpace: colorSpaceName(object.dict),
        dict: object.dict,
        contents: Buffer.from(object.contents),
      },
    ];
  });
}

/** Returns the page's content stream as text if it is not filtered. */
export function contentOf(document: PDFDocument, page: number): string {
  const content = document.getPage(page).node.Contents();
  return content instanceof PDFRawStream ? Buffer.from(content.contents).toString('latin1') : '';
}

function colorSpaceName(dict: PDFDict): string {
  const space = dict.lookup(PDFName.of('ColorSpace'));
  const family = space instanceof PDFArray ? space.lookup(0) : space;
  return family instanceof PDFName ? family.decodeText() : 'none';
}
