import type { RawObject } from '../file/indirect-object.js';
import { reference } from '../syntax/serializer.js';
import type { Renumbering } from '../syntax/serializer.js';
import { SPOT_FIELDS, Spot } from '../syntax/scanner.js';
import { hexBytes, literalBytes, stringToken } from '../syntax/strings.js';
import { sourceNumber } from '../syntax/object-numbers.js';

/** Decrypts a string of the object; undefined where its strings are not encrypted. */
export type DecryptString = ((bytes: Buffer) => Buffer) | undefined;

/**
 * The fast path of copying: the object's bytes as they are, with new numbers in the places of the old ones, as Latin-1
 * text. Strings are touched only where they have to be decrypted.
 */
export function splice(raw: RawObject, renumbering: Renumbering, decrypt: DecryptString): string {
  const { bytes, spots = [] } = raw;
  let [text, at] = ['', raw.start];
  for (let nth = 0; nth < spots.length; nth += SPOT_FIELDS) {
    const [kind, from = 0, to = 0, value = 0] = [spots[nth], spots[nth + 1], spots[nth + 2], spots[nth + 3]];
    if (kind === Spot.String && !decrypt) continue;
    text += bytes.toString('latin1', at, from);
    at = to;
    if (kind === Spot.Reference) text += reference(renumbering.object(sourceNumber(value)));
    else if (kind === Spot.StructParent) text += String(renumbering.structParent(value));
    else if (decrypt) text += stringToken(decrypt(stringBytes(bytes.subarray(from, to))));
  }
  return text + bytes.toString('latin1', at, raw.end);
}

const LESS = 0x3c;

function stringBytes(token: Buffer): Buffer {
  return token[0] === LESS ? hexBytes(token) : literalBytes(token);
}
