import type { Decryptor } from '../encryption/open.js';
import { openEncryption } from '../encryption/open.js';
import { PdfDict, PdfStream, PdfString } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';

/** Levels of nesting in the encryption dictionary: /CF and the crypt filters in it. */
const LEVELS = 3;

/**
 * Returns the decryptor of a file whose trailer has /Encrypt (ISO 32000-2, 7.6), or undefined if the file is not
 * encrypted. Throws the errors of `openEncryption`.
 */
export function openDecryptor(
  trailer: PdfDict,
  resolve: (object: PdfObject | undefined) => PdfObject,
  password: string | undefined,
): Decryptor | undefined {
  const encrypt = resolve(trailer.get('Encrypt'));
  if (!(encrypt instanceof PdfDict)) return undefined;
  const ids = resolve(trailer.get('ID'));
  const first = Array.isArray(ids) ? resolve(ids[0]) : null;
  return openEncryption(direct(encrypt, LEVELS), first instanceof PdfString ? first.bytes : Buffer.alloc(0), password);

  function direct(dict: PdfDict, levels: number): PdfDict {
    const entries = new PdfDict();
    for (const [key, value] of dict) {
      const resolved = resolve(value);
      entries.set(key, resolved instanceof PdfDict && levels > 0 ? direct(resolved, levels - 1) : resolved);
    }
    return entries;
  }
}

/**
 * Decrypts all strings of an object in place (7.6.3). The key depends on the number of the indirect object that
 * contains them.
 */
export function decryptStrings(object: PdfObject, decryptor: Decryptor, num: number, gen: number): PdfObject {
  const decrypted = (value: PdfObject): PdfObject =>
    value instanceof PdfString ? new PdfString(decryptor.string(value.bytes, num, gen)) : value;
  const left: PdfObject[] = [object];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (next instanceof PdfStream) left.push(next.dict);
    else if (Array.isArray(next)) {
      for (const [at, value] of next.entries()) next[at] = decrypted(value);
      for (const value of next) if (isContainer(value)) left.push(value);
    } else if (next instanceof PdfDict) {
      for (const [key, value] of next) next.set(key, decrypted(value));
      for (const value of next.values()) if (isContainer(value)) left.push(value);
    }
  }
  return decrypted(object);
}

function isContainer(object: PdfObject): boolean {
  return Array.isArray(object) || object instanceof PdfDict;
}
