import { everything } from '@pdf-tools/harness/documents/everything';
import { PDFDict, PDFDocument, PDFName, PDFRawStream, PDFRef } from 'pdf-lib';
import sharp from 'sharp';
import { dictsOf } from './alter.js';

/** An image of 8-bit samples. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Buffer;
}

/** Every use of a global is slow in Jest, and the photos need millions. */
const { floor, hypot, max, min, sin } = Math;

/** Side of the photo in pixels and in points: 300 dpi. */
const [PIXELS, POINTS] = [900, 216];

/**
 * An unsigned document with every other feature that reaches beyond one page, and two more pages. These have photos in
 * colour and in gray levels that are stored as RGB, an image with a soft mask, and text in a font with a ToUnicode map.
 */
export async function illustrated(): Promise<Buffer> {
  const document = await PDFDocument.load(await everything({ label: 'A' }), { updateMetadata: false });
  removeSignatures(document);
  const { context } = document;
  const photos = document.addPage([595, 842]);
  photos.node.setXObject(PDFName.of('Photo'), await addPhoto(document, photo(7)));
  photos.node.setXObject(PDFName.of('Gray'), await addPhoto(document, photo(0)));
  const place = (name: string, x: number, y: number): string => `q ${POINTS} 0 0 ${POINTS} ${x} ${y} cm /${name} Do Q`;
  photos.node.addContentStream(
    context.register(context.stream(`${place('Photo', 60, 500)} ${place('Gray', 60, 200)}`)),
  );

  const page = document.addPage([595, 842]);
  page.node.setXObject(PDFName.of('Masked'), addMasked(document));
  page.node.setFontDictionary(PDFName.of('Mapped'), addMappedFont(document));
  const text = 'BT /Mapped 12 Tf 60 700 Td (mapped words) Tj 0 -30 Td (second line) Tj ET';
  page.node.addContentStream(context.register(context.stream(`${text} ${place('Masked', 60, 300)}`)));
  return Buffer.from(await document.save({ updateFieldAppearances: false }));
}

/** compress-pdf does not change a signed document. */
function removeSignatures(document: PDFDocument): void {
  for (const dict of dictsOf(document)) {
    const value = dict.get(PDFName.of('FT')) === PDFName.of('Sig') ? dict.get(PDFName.of('V')) : undefined;
    if (value instanceof PDFRef) document.context.delete(value);
    if (value) dict.delete(PDFName.of('V'));
  }
  document.catalog.lookup(PDFName.of('AcroForm'), PDFDict).delete(PDFName.of('SigFlags'));
}

/** Returns a colourful image with shapes and fine lines. A seed of 0 makes it gray. */
export function photo(seed: number): Pixels {
  const data = Buffer.alloc(PIXELS * PIXELS * 3);
  for (let y = 0; y < PIXELS; y++) {
    for (let x = 0; x < PIXELS; x++) {
      const disc = hypot(x - 450, y - 400 - 10 * seed) < 250 ? 70 : 0;
      const lines = 50 * sin(x / 4 + y / 6 + seed);
      const slope = (x + y) / 18;
      const at = (y * PIXELS + x) * 3;
      data[at] = max(0, min(255, 40 + disc + slope + lines));
      data[at + 1] = seed === 0 ? (data[at] ?? 0) : max(0, 120 + lines - slope / 2);
      data[at + 2] = seed === 0 ? (data[at] ?? 0) : max(0, 60 + disc / 2 + lines / 2);
    }
  }
  return { width: PIXELS, height: PIXELS, channels: 3, data };
}

/** Encodes an image as JPEG, resampled to a width in pixels. */
export async function jpegOf({ data, ...raw }: Pixels, width: number, quality: number, gray = false): Promise<Buffer> {
  const resized = sharp(data, { raw }).resize(width);
  return (gray ? resized.toColourspace('b-w') : resized).jpeg({ quality }).toBuffer();
}

/** Replaces the encoding of an image. */
export function replaceImage(
  document: PDFDocument,
  name: string,
  { bytes, side, space = 'DeviceRGB' }: { bytes: Buffer; side: number; space?: string },
): void {
  const [ref] = imageNamed(document, name);
  document.context.assign(ref, imageStream(document, bytes, { Width: side, Height: side, ColorSpace: space }));
}

/** Returns the image that a page's resources call by a name, and its reference. */
export function imageNamed(document: PDFDocument, name: string): readonly [PDFRef, PDFRawStream] {
  for (const page of document.getPages()) {
    const images = page.node.Resources()?.lookupMaybe(PDFName.of('XObject'), PDFDict);
    const ref = images?.get(PDFName.of(name)) as PDFRef | undefined;
    const image = ref && document.context.lookup(ref);
    if (ref && image instanceof PDFRawStream) return [ref, image];
  }
  throw new Error(`no page has an image ${name}`);
}

async function addPhoto(document: PDFDocument, pixels: Pixels): Promise<PDFRef> {
  const bytes = await jpegOf(pixels, PIXELS, 92);
  const size = { Width: PIXELS, Height: PIXELS, ColorSpace: 'DeviceRGB' };
  return document.context.register(imageStream(document, bytes, size));
}

function imageStream({ context }: PDFDocument, bytes: Buffer, entries: Record<string, string | number>): PDFRawStream {
  const common = { Type: 'XObject', Subtype: 'Image', BitsPerComponent: 8, Filter: 'DCTDecode' };
  return PDFRawStream.of(context.obj({ ...common, ...entries, Length: bytes.length }), bytes);
}

/** A red square that shows through a mask of a disc. */
function addMasked({ context }: PDFDocument): PDFRef {
  const [side, samples] = [60, { Type: 'XObject', Subtype: 'Image', BitsPerComponent: 8 }];
  const size = { Width: side, Height: side };
  const disc = Buffer.alloc(side * side, 0);
  for (let at = 0; at < disc.length; at++) disc[at] = hypot((at % side) - 30, floor(at / side) - 30) < 20 ? 255 : 0;
  const mask = context.register(context.flateStream(disc, { ...samples, ...size, ColorSpace: 'DeviceGray' }));
  const red = Buffer.from(Array.from({ length: side * side }, () => [200, 30, 20]).flat());
  const entries = { ...samples, ...size, ColorSpace: 'DeviceRGB', SMask: mask };
  return context.register(context.flateStream(red, entries));
}

/** Helvetica whose ToUnicode map names every character as itself (ISO 32000-2, 9.10.3). */
function addMappedFont({ context }: PDFDocument): PDFRef {
  const map = [
    '/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Mapped def /CMapType 2 def',
    '1 begincodespacerange <00> <FF> endcodespacerange',
    '1 beginbfrange <20> <7E> <0020> endbfrange',
    'endcmap end end',
  ].join('\n');
  const font = {
    Type: 'Font',
    Subtype: 'Type1',
    BaseFont: 'Helvetica',
    ToUnicode: context.register(context.stream(map)),
  };
  return context.register(context.obj(font));
}
