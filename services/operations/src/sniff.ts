import { AppError } from '@pdf-tools/runtime/errors';
import { FORMATS } from './formats.js';
import type { FormatName } from './formats.js';
import type { Accepts } from './operation.js';

/** Bytes from the start of a file that `sniffFormat` and `describeUnknown` need, or fewer if the file is shorter. */
export const SNIFF_BYTES = 1024;

/** Bytes at an offset, as Latin-1 text. */
interface Magic {
  readonly at: number;
  readonly text: string;
}

const at = (offset: number, text: string): Magic => ({ at: offset, text });

/** Alternatives of each format. All magics of an alternative must match. */
const FORMAT_MAGIC: readonly (readonly [FormatName, readonly Magic[]])[] = [
  ['jpeg', [at(0, '\xff\xd8')]],
  ['png', [at(0, '\x89PNG\r\n\x1a\n')]],
  ['gif', [at(0, 'GIF87a')]],
  ['gif', [at(0, 'GIF89a')]],
  ['webp', [at(0, 'RIFF'), at(8, 'WEBP')]],
  ['tiff', [at(0, 'II*\0')]],
  ['tiff', [at(0, 'MM\0*')]],
  ['tiff', [at(0, 'II+\0')]],
  ['tiff', [at(0, 'MM\0+')]],
  ['jp2', [at(0, '\0\0\0\x0cjP  \r\n\x87\n')]],
  ['jp2', [at(0, '\xff\x4f\xff\x51')]],
  ['ico', [at(0, '\0\0\x01\0'), at(5, '\0')]],
];

/** Sizes of the headers of BMP files. The size follows "BM", the size of the file, a reserved number and a position. */
const BMP_HEADER_SIZES = [12, 40, 52, 56, 64, 108, 124];
const BMP_HEADER_AT = 14;
/** "P1" to "P6", then white space or a comment, and a number. */
const PNM_HEADER = /^P[1-6]\s(?:\s|#[^\n]*\n)*\d/;
/** An SVG element or document type after nothing but declarations, comments and processing instructions. */
const SVG_START =
  /^(?:\xef\xbb\xbf)?\s*(?:<\?(?:[^?]|\?(?!>))*\?>\s*|<!--(?:[^-]|-(?!->))*-->\s*)*<(?:!DOCTYPE\s+)?(?:svg:)?svg[\s>]/;

/** Other formats, for messages. */
const OTHER_MAGIC: readonly (readonly [string, readonly Magic[]])[] = [
  ['a ZIP archive (which office documents are too)', [at(0, 'PK\x03\x04')]],
  ['an empty ZIP archive', [at(0, 'PK\x05\x06')]],
  ['a gzip archive', [at(0, '\x1f\x8b')]],
  ['a 7-Zip archive', [at(0, '7z\xbc\xaf\x27\x1c')]],
  ['a RAR archive', [at(0, 'Rar!')]],
  ['a tar archive', [at(257, 'ustar')]],
  ['a Windows program', [at(0, 'MZ')]],
  ['a Linux program', [at(0, '\x7fELF')]],
  ['an older Office document', [at(0, '\xd0\xcf\x11\xe0')]],
  ['a PostScript file', [at(0, '%!PS')]],
  ['an RTF document', [at(0, '{\\rtf')]],
  ['a BMP image', [at(0, 'BM')]],
  ['an icon file', [at(0, '\0\0\x01\0')]],
  ['a JPEG XL image', [at(0, '\xff\x0a')]],
  ['a JPEG XL image', [at(0, '\0\0\0\x0cJXL ')]],
  ['a Photoshop document', [at(0, '8BPS')]],
];

const AVIF_BRANDS = new Set(['avif', 'avis']);
const HEIC_BRANDS = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1']);

/** The first line of an indirect object (ISO 32000-2, 7.3.10). */
const PDF_OBJECT = /(?:^|[\r\n])[ \t]*\d{1,10} \d{1,5} obj\b/;

/**
 * Returns the format of a file by its first bytes, never by its name. Undefined if no operation accepts it. A PDF may have
 * up to 1,024 bytes before its header (ISO 32000-2, Annex I, note on 7.5.2). If the header is missing or damaged, the first
 * object identifies a PDF.
 */
export function sniffFormat(head: Uint8Array): FormatName | undefined {
  const text = latin1(head);
  const magic = FORMAT_MAGIC.find(([, magics]) => magics.every((one) => matches(text, one)));
  if (magic) return magic[0];
  if (isBmp(text)) return 'bmp';
  if (PNM_HEADER.test(text)) return 'pnm';
  if (SVG_START.test(text)) return 'svg';
  const brands = isoBrands(text);
  if (brands.some((brand) => AVIF_BRANDS.has(brand))) return 'avif';
  if (brands.some((brand) => HEIC_BRANDS.has(brand))) return 'heic';
  return text.includes('%PDF-') || startsWithPdfObject(text) ? 'pdf' : undefined;
}

function isBmp(text: string): boolean {
  if (!text.startsWith('BM') || text.length < BMP_HEADER_AT + 4) return false;
  return BMP_HEADER_SIZES.includes(Buffer.from(text, 'latin1').readUInt32LE(BMP_HEADER_AT));
}

/** Whether a file of no other format and without markup has a PDF object near its start. */
function startsWithPdfObject(text: string): boolean {
  return PDF_OBJECT.test(text) && !text.trimStart().startsWith('<') && otherFormat(text) === undefined;
}

/** Returns the name of another format by its magic. */
function otherFormat(text: string): string | undefined {
  return OTHER_MAGIC.find(([, magics]) => magics.every((one) => matches(text, one)))?.[0];
}

/** Returns a noun phrase for an unsupported file, such as "a ZIP archive" or "plain text". */
export function describeUnknown(head: Uint8Array): string {
  if (head.length === 0) return 'an empty file';
  const text = latin1(head);
  const brands = isoBrands(text);
  if (brands.length > 0) return 'a video or another ISO media file';
  return otherFormat(text) ?? describeText(text);
}

/**
 * Returns the 415 for a file that an operation does not take, with the formats found and accepted. A PDF whose header comes
 * too late is `corrupt_pdf`.
 */
export function unsupportedFormat(
  head: Uint8Array,
  accepts: Accepts,
  place: { readonly name: string; readonly index: number },
): AppError {
  const known = sniffFormat(head);
  if (known === undefined && latin1(head, head.length).includes('%PDF-')) return lateHeader(place);
  const found = known ? `a ${FORMATS[known].label} file` : describeUnknown(head);
  const accepted = accepts.formats.map((format) => FORMATS[format].label).join(', ');
  const message = `found: ${found}; accepted: ${accepted}`;
  return new AppError(
    'unsupported_format',
    `"${place.name}" has an unsupported format (${message}). Convert it to an accepted format.`,
    {
      errors: [{ file: place.name, index: place.index, message }],
    },
  );
}

function lateHeader({ name, index }: { readonly name: string; readonly index: number }): AppError {
  const message = `has its PDF header after the first ${SNIFF_BYTES} bytes`;
  return new AppError('corrupt_pdf', `"${name}" ${message}. Remove the bytes before "%PDF-".`, {
    errors: [{ file: name, index, message }],
  });
}

function latin1(head: Uint8Array, length = SNIFF_BYTES): string {
  return Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, length)).toString('latin1');
}

function matches(text: string, magic: Magic): boolean {
  return text.startsWith(magic.text, magic.at);
}

/** Major and compatible brands of an ISO base media file (ISO/IEC 14496-12, 4.3), at most 16 of them. */
function isoBrands(text: string): string[] {
  if (!text.startsWith('ftyp', 4)) return [];
  const boxEnd = Math.min(Buffer.from(text.slice(0, 4), 'latin1').readUInt32BE(), text.length, 80);
  const brands = [text.slice(8, 12)];
  for (let start = 16; start + 4 <= boxEnd; start += 4) brands.push(text.slice(start, start + 4));
  return brands;
}

/** Distinguishes markup and text from binary data by the first words and the absence of control characters. */
function describeText(text: string): string {
  const start = text
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
    .toLowerCase();
  if (start.startsWith('<!doctype html') || start.startsWith('<html')) return 'an HTML page';
  if (start.startsWith('<svg') || (start.startsWith('<?xml') && start.includes('<svg'))) return 'an SVG image';
  if (start.startsWith('<?xml')) return 'an XML file';
  return hasControls(text) ? 'unknown binary data' : 'plain text';
}

/** Control characters other than tab, line feed, form feed and carriage return. */
function hasControls(text: string): boolean {
  return Buffer.from(text, 'latin1').some((byte) => byte < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d].includes(byte));
}
