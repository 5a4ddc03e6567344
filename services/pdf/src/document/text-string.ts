import { decodePdfDoc } from '../syntax/pdf-doc-encoding.js';
import { PdfString } from '../syntax/objects.js';

const [UTF_16, UTF_8] = ['\xfe\xff', '\xef\xbb\xbf'];

/** Decodes a text string (7.9.2.2): UTF-16, UTF-8 or PDFDocEncoding. */
export function textOf(string: PdfString): string {
  const { bytes } = string;
  const mark = bytes.toString('latin1', 0, 3);
  if (mark.startsWith(UTF_16)) return swapped(bytes.subarray(2)).toString('utf16le');
  if (mark.startsWith('\xff\xfe')) return bytes.toString('utf16le', 2);
  if (mark === UTF_8) return bytes.toString('utf8', 3);
  return decodePdfDoc(bytes);
}

/** Encodes a text string, in ASCII if possible and in UTF-16 otherwise. */
export function textString(text: string): PdfString {
  if (/^[\t\n\r -~]*$/.test(text)) return PdfString.latin1(text);
  return new PdfString(Buffer.concat([Buffer.from(UTF_16, 'latin1'), swapped(Buffer.from(text, 'utf16le'))]));
}

/** Swaps the bytes of each pair and drops an odd byte at the end. */
function swapped(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16();
}
