import { readFile, writeFile } from 'node:fs/promises';
import { PDFArray, PDFDict, PDFName, PDFNumber, PDFRawStream, PDFStream, PDFString } from 'pdf-lib';
import type { PDFDocument } from 'pdf-lib';
import type { FaultKind } from '../corpus/faults.js';
import { dictsOf, named, streamWith, titled } from './alter.js';
import { imageNamed, jpegOf, photo, replaceImage } from './illustrated.js';

/** A damage to the document of `illustrated`, and what a judge must report. */
export interface Damage {
  readonly does: string;
  readonly kind: FaultKind;
  /** Part of the reason. */
  readonly says: string;
  readonly work: (document: PDFDocument) => void | Promise<void>;
}

/** Pixels across an encoded photo. */
const SIDE = 432;

const PAGES_AND_TEXT: readonly Damage[] = [
  {
    does: 'a page is dropped',
    kind: 'pages',
    says: 'qpdf counts 5 pages, not 6',
    work: (document) => {
      document.removePage(3);
    },
  },
  {
    does: 'two pages change places',
    kind: 'text',
    says: 'is "mapped", not "A"',
    work: (document) => {
      const page = document.getPage(5);
      document.removePage(5);
      document.insertPage(0, page);
    },
  },
  {
    does: 'a word is lost',
    kind: 'text',
    says: 'word',
    work: (document) => {
      rewrite(document, '(mapped words)', '(mapped)');
    },
  },
  {
    does: 'a ToUnicode map names other characters',
    kind: 'text',
    says: '"nbqqfe!xpset", not "mapped"',
    work: (document) => {
      rewrite(document, '<20> <7E> <0020>', '<20> <7E> <0021>');
    },
  },
  {
    does: 'a glyph changes and its text does not',
    kind: 'render',
    says: 'outside its images',
    work: (document) => {
      const font = dictsOf(document).find((dict) => dict.has(PDFName.of('ToUnicode')));
      font?.set(
        PDFName.of('Encoding'),
        document.context.obj({ Type: 'Encoding', BaseEncoding: 'WinAnsiEncoding', Differences: [119, 'l'] }),
      );
    },
  },
  {
    does: 'a line of text moves by two points',
    kind: 'render',
    says: 'page 6 differs by',
    work: (document) => {
      rewrite(document, '0 -30 Td', '0 -32 Td');
    },
  },
  {
    does: 'a page has another crop box',
    kind: 'feature',
    says: 'page box: page 5',
    work: (document) => {
      document.getPage(5).setCropBox(0, 0, 595, 800);
    },
  },
];

const IMAGES: readonly Damage[] = [
  {
    does: 'an image is replaced by another',
    kind: 'render',
    says: 'page 5 differs by',
    work: async (document) => {
      replaceImage(document, 'Photo', { bytes: await jpegOf(photo(30), SIDE, 75), side: SIDE });
    },
  },
  {
    does: 'an image is missing',
    kind: 'render',
    says: 'page 5 differs by',
    work: (document) => {
      document.context.delete(imageNamed(document, 'Photo')[0]);
    },
  },
  {
    does: 'an image is downsampled to 24 dpi',
    kind: 'render',
    says: 'page 5',
    work: async (document) => {
      replaceImage(document, 'Photo', { bytes: await jpegOf(photo(7), 72, 75), side: 72 });
    },
  },
  {
    does: 'the red and blue channels of an image are swapped',
    kind: 'render',
    says: 'page 5 differs by',
    work: async (document) => {
      const pixels = photo(7);
      for (let at = 0; at < pixels.data.length; at += 3) {
        const red = pixels.data[at] ?? 0;
        pixels.data[at] = pixels.data[at + 2] ?? 0;
        pixels.data[at + 2] = red;
      }
      replaceImage(document, 'Photo', { bytes: await jpegOf(pixels, SIDE, 75), side: SIDE });
    },
  },
  {
    does: 'an image loses its colours',
    kind: 'render',
    says: 'page 5 differs by',
    work: async (document) => {
      const bytes = await jpegOf(photo(7), SIDE, 75, true);
      replaceImage(document, 'Photo', { bytes, side: SIDE, space: 'DeviceGray' });
    },
  },
  {
    does: 'a soft mask is inverted',
    kind: 'render',
    says: 'page 6 differs by',
    work: (document) => {
      const [, image] = imageNamed(document, 'Masked');
      image.dict.lookup(PDFName.of('SMask'), PDFStream).dict.set(PDFName.of('Decode'), document.context.obj([1, 0]));
    },
  },
  {
    does: 'a soft mask is lost',
    kind: 'render',
    says: 'page 6 differs by',
    work: (document) => {
      imageNamed(document, 'Masked')[1].dict.delete(PDFName.of('SMask'));
    },
  },
];

/** What goes with an entry of the catalog. */
const LOST_WITH = {
  PageLabels: 'page label: iii',
  StructTreeRoot: 'tag:',
  Metadata: 'metadata:',
  OutputIntents: 'output intent:',
  Lang: 'document: language de-DE',
  OpenAction: 'document: opens at 1',
  Threads: 'thread:',
};

const FEATURES: readonly Damage[] = [
  {
    does: 'the outline is missing',
    kind: 'feature',
    says: 'outline: level 0 "A part one"',
    work: ({ catalog }) => {
      catalog.delete(PDFName.of('Outlines'));
    },
  },
  {
    does: 'an outline item leads to another page',
    kind: 'feature',
    says: 'outline: level 1 "A two, first"',
    work: (document) => {
      titled(document, 'A two, first').set(PDFName.of('Dest'), document.context.obj([document.getPage(0).ref, 'Fit']));
    },
  },
  {
    does: 'a form field is missing',
    kind: 'feature',
    says: 'form field:',
    work: ({ catalog }) => {
      catalog.lookup(PDFName.of('AcroForm'), PDFDict).lookup(PDFName.of('Fields'), PDFArray).remove(0);
    },
  },
  {
    does: 'a form field has another value',
    kind: 'feature',
    says: 'form field:',
    work: (document) => {
      named(document, 'total').set(PDFName.of('V'), PDFString.of('another'));
    },
  },
  {
    does: 'an attachment has other content',
    kind: 'feature',
    says: 'attachment:',
    work: (document) => {
      rewrite(document, 'content of notes.txt', 'content of another');
    },
  },
  {
    does: 'a named destination is missing',
    kind: 'feature',
    says: 'named destination: name "section"',
    work: ({ catalog }) => {
      catalog.lookup(PDFName.of('Dests'), PDFDict).delete(PDFName.of('section'));
    },
  },
  ...Object.entries(LOST_WITH).map(([key, says]): Damage => ({
    does: `${key} of the catalog is missing`,
    kind: 'feature',
    says,
    work: ({ catalog }) => {
      catalog.delete(PDFName.of(key));
    },
  })),
  {
    does: 'a hidden layer shows',
    kind: 'feature',
    says: 'layer:',
    work: ({ catalog, context }) => {
      const config = catalog.lookup(PDFName.of('OCProperties'), PDFDict).lookup(PDFName.of('D'), PDFDict);
      config.set(PDFName.of('OFF'), context.obj([]));
    },
  },
  {
    does: 'a link moves by three points',
    kind: 'feature',
    says: 'link: page',
    work: (document) => {
      const link = dictsOf(document).find((dict) => dict.get(PDFName.of('Subtype')) === PDFName.of('Link'));
      const rect = link?.lookup(PDFName.of('Rect'), PDFArray);
      rect?.set(0, PDFNumber.of(rect.lookup(0, PDFNumber).asNumber() + 3));
    },
  },
  {
    does: 'the author is missing',
    kind: 'feature',
    says: 'information: /Author',
    work: ({ context }) => {
      context.lookup(context.trailerInfo.Info, PDFDict).delete(PDFName.of('Author'));
    },
  },
];

/** All damages that are done to objects. */
export const DAMAGES: readonly Damage[] = [...PAGES_AND_TEXT, ...IMAGES, ...FEATURES];

/** Copies a file with a cross-reference table and makes the offset of its object 5 wrong. */
export async function breakXref(path: string, output: string): Promise<void> {
  const text = await readFile(path, 'latin1');
  const start = text.lastIndexOf('\nxref\n');
  let row = 0;
  const table = text.slice(start).replace(/^(\d{10})(?= 00000 n)/gm, (offset) => (++row === 5 ? '0000000011' : offset));
  await writeFile(output, text.slice(0, start) + table, 'latin1');
}

/** Replaces a text in the stream that has it. */
function rewrite(document: PDFDocument, text: string, by: string): void {
  const [ref, stream] = streamWith(document, text);
  const bytes = Buffer.from(Buffer.from(stream.getContents()).toString('latin1').replace(text, by), 'latin1');
  document.context.assign(ref, PDFRawStream.of(stream.dict, bytes));
}
