import type { RawObject } from '../file/indirect-object.js';
import { reference } from '../syntax/serializer.js';
import type { Renumbering } from '../syntax/serializer.js';
import { FIXUP_FIELDS, Fixup } from '../syntax/scanner.js';
import { hexBytes, literalBytes, stringToken } from '../syntax/strings.js';
import { sourceNumber } from '../syntax/object-numbers.js';

/** Decrypts a string of the object. Undefined if its strings are not encrypted. */
export type DecryptString = ((bytes: Buffer) => Buffer) | undefined;

/**
 * Copies an object without parsing it, as Latin-1 text. Only its numbers change, and its strings if they must be
 * decrypted.
 */
export function copyWithFixups(raw: RawObject, renumbering: Renumbering, decrypt: DecryptString): string {
  const { bytes, fixups = [] } = raw;
  let [text, at] = ['', raw.start];
  for (let nth = 0; nth < fixups.length; nth += FIXUP_FIELDS) {
    const [kind, from = 0, to = 0, value = 0] = [fixups[nth], fixups[nth + 1], fixups[nth + 2], fixups[nth + 3]];
    if (kind === Fixup.String && !decrypt) continue;
    text += bytes.toString('latin1', at, from);
    at = to;
    if (kind === Fixup.Reference) text += reference(renumbering.object(sourceNumber(value)));
    else if (kind === Fixup.StructParent) text += String(renumbering.structParent(value));
    else if (decrypt) text += stringToken(decrypt(stringBytes(bytes.subarray(from, to))));
  }
  return text + bytes.toString('latin1', at, raw.end);
}

const LESS = 0x3c;

function stringBytes(token: Buffer): Buffer {
  return token[0] === LESS ? hexBytes(token) : literalBytes(token);
}
