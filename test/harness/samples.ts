import { PDFDocument, StandardFonts } from 'pdf-lib';
import sharp from 'sharp';

/** Returns an image with enough detail for codecs. It is the same for the same arguments. */
export async function jpeg(width = 640, height = 480): Promise<Buffer> {
  return sharp(noise(width, height), { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 85 })
    .toBuffer();
}

export async function png(width = 320, height = 240): Promise<Buffer> {
  return sharp(noise(width, height), { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** A smooth gradient with some grain, from a linear congruential generator. */
function noise(width: number, height: number): Buffer {
  const pixels = Buffer.alloc(width * height * 3);
  let seed = 12345;
  for (let i = 0; i < pixels.length; i++) {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    pixels[i] = ((i / width) % 200) + (seed % 32);
  }
  return pixels;
}

/** A PDF of text pages, each with its title on it. */
export async function pdf(titles: readonly string[]): Promise<Buffer> {
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.Helvetica);
  for (const title of titles) document.addPage([595, 842]).drawText(title, { x: 50, y: 700, size: 24, font });
  return Buffer.from(await document.save());
}

/** Returns a PDF whose pages each are one image of 300 dpi. */
export async function scan(pages: number): Promise<Buffer> {
  const document = await PDFDocument.create();
  for (let i = 0; i < pages; i++) {
    const image = await document.embedJpg(await jpeg(1240 + i, 1754));
    document.addPage([298, 421]).drawImage(image, { x: 0, y: 0, width: 298, height: 421 });
  }
  return Buffer.from(await document.save());
}
