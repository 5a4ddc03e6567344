import { encodePdfDoc } from '../syntax/pdf-doc-encoding.js';

const MAX_UTF8_BYTES = 127;

/**
 * What a password may be as bytes, the likeliest first. Up to revision 4 (7.6.4.3.2) that is PDFDocEncoding; some writers use
 * UTF-8 there. From revision 5 on (7.6.4.3.3) it is UTF-8 of at most 127 bytes, normalized by SASLprep, of which NFKC is
 * done here and the rest is not: which characters vanish and which are forbidden. Some writers do not normalize.
 */
export function passwordBytes(password: string, revision: number): Buffer[] {
  const candidates =
    revision >= 5
      ? [normalizedUtf8(password), utf8(password)]
      : [encodePdfDoc(password.normalize('NFC')), Buffer.from(password)];
  const different = new Map<string, Buffer>();
  for (const bytes of candidates) if (bytes) different.set(bytes.toString('latin1'), bytes);
  return [...different.values()];
}

/** The bytes of a password from revision 5 on. */
export function normalizedUtf8(password: string): Buffer {
  return utf8(password.normalize('NFKC'));
}

function utf8(password: string): Buffer {
  return Buffer.from(password).subarray(0, MAX_UTF8_BYTES);
}
