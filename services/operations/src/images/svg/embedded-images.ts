import { InputError } from '../../input-error.js';
import type { FormatName } from '../../formats.js';
import { SNIFF_BYTES, sniffFormat } from '../../sniff.js';
import { sharp } from '../codec.js';

/** An attribute with a data URL: its media type with parameters, and its data. */
const DATA_URL = /\bhref\s*=\s*(["'])\s*data:([^"',]*),([^"']*)\1/gi;
const MEDIA_TYPES: Readonly<Partial<Record<FormatName, RegExp>>> = { png: /^image\/png$/, jpeg: /^image\/jpe?g$/ };
/** Types for which librsvg looks at the data. */
const UNNAMED = /^(?:|application\/octet-stream)$/;
/** Formats that browsers show in an SVG, and librsvg does not. */
const CONVERTED: ReadonlySet<FormatName> = new Set(['gif', 'webp', 'avif']);
/** References to white space in an attribute. */
const SPACE_REFERENCE = /&#(?:9|10|13|x0*[9ad]);/gi;

/** Limit of the pixels of all embedded images, because librsvg holds them decoded beside the page. */
const MAX_EMBEDDED_PIXELS = 30_000_000;
/** Limit of the document with converted images. librsvg and its XML parser hold about ten copies of an attribute. */
const MAX_LENGTH = 60_000_000;

const LEFT_OUT = 'an embedded image cannot be read and was left out';
const DAMAGED = 'an embedded image is damaged and may be missing';

export interface Embedded {
  readonly text: string;
  readonly notes: readonly string[];
}

/**
 * Converts embedded images that librsvg would leave out, and returns the document with notes on images that stay left out.
 * Throws `too_many_pixels` if the embedded images have more than 30 megapixels together, or become too long.
 */
export async function convertEmbeddedImages(text: string): Promise<Embedded> {
  const parts: string[] = [];
  const notes = new Set<string>();
  let [end, pixels, length] = [0, 0, text.length];
  for (const match of text.matchAll(DATA_URL)) {
    const image = readDataUrl(match);
    if (!image) continue;
    pixels += await countPixels(image);
    if (pixels > MAX_EMBEDDED_PIXELS) throw tooLarge(`${MAX_EMBEDDED_PIXELS / 1e6} megapixels`);
    if (image.isShown) {
      if (!(await isWhole(image))) notes.add(DAMAGED);
      continue;
    }
    const url = await convert(image);
    if (url === undefined) notes.add(LEFT_OUT);
    else {
      length += url.length - image.data.length;
      if (length > MAX_LENGTH) throw tooLarge(`${MAX_LENGTH / 1e6} MB without loss`);
      const [, quote = '"'] = match;
      parts.push(text.slice(end, match.index), `href=${quote}${url}${quote}`);
      end = match.index + match[0].length;
    }
  }
  return { text: parts.length === 0 ? text : [...parts, text.slice(end)].join(''), notes: [...notes] };
}

function tooLarge(limit: string): InputError {
  return new InputError('too_many_pixels', `embeds images of more than ${limit} together`);
}

interface DataUrl {
  readonly format: FormatName | undefined;
  readonly data: string;
  /** Whether librsvg shows the image as it is. */
  readonly isShown: boolean;
}

/** Undefined for an SVG, and for data that are not in base64, which only an SVG has. */
function readDataUrl([, , types = '', data = '']: RegExpMatchArray): DataUrl | undefined {
  const [type = '', ...parameters] = types
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (!parameters.includes('base64')) return undefined;
  const head = base64(data.slice(0, 2 * SNIFF_BYTES)).subarray(0, SNIFF_BYTES);
  const format = sniffFormat(head);
  if (format === 'svg' || type === 'image/svg+xml') return undefined;
  const shownTypes = format && MEDIA_TYPES[format];
  return { format, data, isShown: shownTypes !== undefined && (UNNAMED.test(type) || shownTypes.test(type)) };
}

async function countPixels({ data }: DataUrl): Promise<number> {
  const header = sharp(base64(data), { limitInputPixels: false }).metadata();
  return header.then(
    ({ width, height }) => width * height,
    () => 0,
  );
}

/** Whether all of an image can be decoded. librsvg shows nothing of a damaged one, without an error. */
async function isWhole({ data }: DataUrl): Promise<boolean> {
  const decoded = sharp(base64(data), { limitInputPixels: MAX_EMBEDDED_PIXELS, failOn: 'error' }).stats();
  return decoded.then(
    () => true,
    () => false,
  );
}

/** Returns the URL of an image that librsvg shows. Undefined if the data cannot be decoded. */
async function convert({ format, data }: DataUrl): Promise<string | undefined> {
  if (!format) return undefined;
  if (MEDIA_TYPES[format]) return `data:image/${format};base64,${data}`;
  if (!CONVERTED.has(format)) return undefined;
  const png = await sharp(base64(data), { limitInputPixels: MAX_EMBEDDED_PIXELS })
    .png({ compressionLevel: 1 })
    .toBuffer()
    .catch(() => undefined);
  return png && `data:image/png;base64,${png.toString('base64')}`;
}

function base64(text: string): Buffer {
  const plain = text.replace(SPACE_REFERENCE, '').replaceAll('%2B', '+').replaceAll('%2F', '/').replaceAll('%3D', '=');
  return Buffer.from(plain, 'base64');
}
