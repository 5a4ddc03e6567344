import { existsSync, readdirSync } from 'node:fs';
import { isInputError } from '../../input-error.js';
import { sharp } from '../codec.js';
import { decodeImage } from '../decode.js';
import type { BilevelCoding } from '../encode.js';
import { corruptImage, unsupportedImage } from '../errors.js';
import { convertEmbeddedImages } from './embedded-images.js';
import { expandEntities } from './entities.js';
import { refersToOtherFiles } from './references.js';
import { MAX_WHOLE_PIXELS, checkPixels } from '../limits.js';
import type { PdfImage, ReadImage } from '../pdf-image.js';

/** Dots per inch at which vector graphics are rendered. */
const DENSITY = 300;
const CSS_DENSITY = 96;
const POINTS_PER_INCH = 72;
const FONT_FOLDERS = ['/usr/share/fonts', '/usr/local/share/fonts'];
/** An element that contains text. */
const TEXT = /<(?:svg:)?text[\s>]/;
const OTHER_FILES = 'other files that it refers to were left out';

/**
 * Renders an SVG at 300 dpi. librsvg runs no scripts, and loads no other file for a document that it gets as bytes.
 * Throws `unsupported_format` for entities that are more than plain text.
 */
export async function readSvg(file: Buffer, bilevel?: BilevelCoding): Promise<ReadImage> {
  const source = file.toString('latin1');
  if (source.includes('\0')) throw unsupportedImage('SVG', 'an encoding other than UTF-8');
  const text = expandEntities(source);
  if (TEXT.test(text) && !hasFonts()) throw unsupportedImage('SVG', 'text, for which this server has no fonts');
  const embedded = await convertEmbeddedImages(text);
  const notes = [...embedded.notes, ...(refersToOtherFiles(text) ? [OTHER_FILES] : [])];
  const image = await render(Buffer.from(embedded.text, 'latin1'), bilevel);
  return { image, orientation: 1, dpi: { x: DENSITY, y: DENSITY }, notes };
}

async function render(file: Buffer, bilevel: BilevelCoding | undefined): Promise<PdfImage> {
  try {
    // An embedded image can be an attribute of more than 10,000,000 characters, which only `unlimited` allows. Entities are
    // expanded before.
    // At 96 dpi, pixels of CSS and other units have the same scale, which libvips takes to be 72 dpi.
    const { width, height } = await sharp(file, {
      density: CSS_DENSITY,
      limitInputPixels: false,
      unlimited: true,
    }).metadata();
    const scale = (POINTS_PER_INCH / CSS_DENSITY) * (DENSITY / CSS_DENSITY);
    const size = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
    const [columns = 1, rows = 1] = size;
    checkPixels(columns, rows, MAX_WHOLE_PIXELS);
    const input = await sharp(file, { density: CSS_DENSITY, limitInputPixels: MAX_WHOLE_PIXELS, unlimited: true })
      .resize(columns, rows, { fit: 'fill' })
      .png({ compressionLevel: 1 })
      .toBuffer();
    return (await decodeImage({ input, maxPixels: MAX_WHOLE_PIXELS, mayHavePalette: true, bilevel })).image;
  } catch (thrown) {
    if (isInputError(thrown)) throw thrown;
    throw corruptImage('has SVG markup that cannot be rendered', thrown);
  }
}

/** Without fonts, text would be missing from the page. */
function hasFonts(): boolean {
  return FONT_FOLDERS.some((folder) => existsSync(folder) && readdirSync(folder).length > 0);
}
