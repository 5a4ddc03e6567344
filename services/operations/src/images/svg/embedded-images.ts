import { InputError } from '../../input-error.js';
import type { FormatName } from '../../formats.js';
import { SNIFF_BYTES, sniffFormat } from '../../sniff.js';
import { sharp } from '../codec.js';
import { MAX_AVIF_PIXELS, MAX_WHOLE_PIXELS } from '../limits.js';

/** An attribute with a data URL: its media type with parameters, and its data. */
const DATA_URL = /\bhref\s*=\s*(["'])\s*data:([^"',]*),([^"']*)\1/gi;
const MEDIA_TYPES: Readonly<Partial<Record<FormatName, RegExp>>> = { png: /^image\/png$/, jpeg: /^image\/jpe?g$/ };
/** Types for which librsvg looks at the data. */
const UNNAMED = /^(?:|application\/octet-stream)$/;
/** Formats that browsers show in an SVG, and librsvg does not. */
const CONVERTED: ReadonlySet<FormatName> = new Set(['gif', 'webp', 'avif']);
/** References to white space in an attribute. */
const SPACE_REFERENCE = /&#(?:9|10|13|x0*[9ad]);/gi;

export interface Embedded {
  readonly text: string;
  readonly notes: readonly string[];
}

/**
 * Converts embedded images that librsvg would leave out, and returns the document with notes on images that stay left out.
 * Throws `too_many_pixels` if they have more pixels together than one image may have.
 */
export async function convertEmbeddedImages(text: string): Promise<Embedded> {
  const parts: string[] = [];
  const notes = new Set<string>();
  let [end, pixels] = [0, 0];
  for (const match of text.matchAll(DATA_URL)) {
    const image = readDataUrl(match);
    if (!image) continue;
    const converted = await convert(image, pixels);
    if (!converted) {
      notes.add('an embedded image cannot be read and was left out');
      continue;
    }
    pixels = converted.pixels;
    parts.push(text.slice(end, match.index), `href="${converted.url}"`);
    end = match.index + match[0].length;
  }
  return { text: parts.length === 0 ? text : [...parts, text.slice(end)].join(''), notes: [...notes] };
}

interface DataUrl {
  readonly format: FormatName | undefined;
  readonly data: string;
}

/** Undefined for an image that librsvg shows, and for data that are not in base64, which are those of an SVG. */
function readDataUrl([, , types = '', text = '']: RegExpMatchArray): DataUrl | undefined {
  const [type = '', ...parameters] = types
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (!parameters.includes('base64')) return undefined;
  const head = base64(text.slice(0, 2 * SNIFF_BYTES)).subarray(0, SNIFF_BYTES);
  const format = sniffFormat(head);
  if (format === 'svg' || type === 'image/svg+xml') return undefined;
  const isShown = format !== undefined && MEDIA_TYPES[format] !== undefined;
  if (isShown && (UNNAMED.test(type) || MEDIA_TYPES[format]?.test(type) === true)) return undefined;
  return { format, data: text };
}

/** Returns the URL of an image that librsvg shows, with the sum of pixels. Undefined if the data cannot be decoded. */
async function convert(
  { format, data }: DataUrl,
  pixelsBefore: number,
): Promise<{ readonly url: string; readonly pixels: number } | undefined> {
  if (!format) return undefined;
  if (MEDIA_TYPES[format]) return { url: `data:image/${format};base64,${data}`, pixels: pixelsBefore };
  if (!CONVERTED.has(format)) return undefined;
  const bytes = base64(data);
  const limit = format === 'avif' ? MAX_AVIF_PIXELS : MAX_WHOLE_PIXELS;
  const size = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch(() => undefined);
  if (!size) return undefined;
  const pixels = pixelsBefore + size.width * size.height;
  if (pixels > limit)
    throw new InputError('too_many_pixels', `embeds images of more than ${limit / 1e6} megapixels together`);
  const png = await sharp(bytes, { limitInputPixels: limit })
    .png({ compressionLevel: 1 })
    .toBuffer()
    .catch(() => undefined);
  return png && { url: `data:image/png;base64,${png.toString('base64')}`, pixels };
}

function base64(text: string): Buffer {
  const plain = text.replace(SPACE_REFERENCE, '').replaceAll('%2B', '+').replaceAll('%2F', '/').replaceAll('%3D', '=');
  return Buffer.from(plain, 'base64');
}
