import { encodePdfDoc } from '../syntax/pdf-doc-encoding.js';

/** Longer passwords are truncated (ISO 32000-2, 7.6.4.3.3). */
export const MAX_PASSWORD_BYTES = 127;
/** Characters that are mapped to spaces (RFC 3454, C.1.2) or removed (B.1) by RFC 4013, 2.1. */
const SPACES = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g;
const VANISHING = /\u00ad|\u034f|\u1806|[\u180b-\u180d]|[\u200b-\u200d]|\u2060|[\ufe00-\ufe0f]|\ufeff/g;

/**
 * The possible bytes of a password, the most likely first. Up to revision 4 (7.6.4.3.2): PDFDocEncoding, or UTF-8 from
 * some writers. From revision 5 on (7.6.4.3.3): UTF-8 of at most 127 bytes after SASLprep, which some writers omit.
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

/**
 * Returns the bytes of a password from revision 5 on, mapped and normalized by SASLprep (RFC 4013). Prohibited
 * characters are allowed.
 */
export function normalizedUtf8(password: string): Buffer {
  return utf8(password.replace(SPACES, ' ').replace(VANISHING, '').normalize('NFKC'));
}

function utf8(password: string): Buffer {
  return Buffer.from(password).subarray(0, MAX_PASSWORD_BYTES);
}
