import { numberOf } from './type1-tokens.js';
import type { Type1Tokens } from './type1-tokens.js';

const MAX_CODE = 255;

/**
 * Reads the value of /Encoding: `StandardEncoding`, an array of names, or `256 array` with `dup code /name put` per code.
 * Returns the glyph names of codes, without .notdef, or undefined if the value is none of them.
 */
export function readType1Encoding(
  tokens: Type1Tokens,
  standard: ReadonlyMap<number, string>,
): ReadonlyMap<number, string> | undefined {
  const first = tokens.next();
  if (first === 'StandardEncoding') return standard;
  if (first === '[') return readNames(tokens);
  return numberOf(first) === undefined ? undefined : readEntries(tokens);
}

function readNames(tokens: Type1Tokens): Map<number, string> {
  const names = new Map<number, string>();
  let code = 0;
  for (let token = tokens.next(); token !== undefined && token !== ']'; token = tokens.next())
    addName(names, code++, token);
  return names;
}

function readEntries(tokens: Type1Tokens): Map<number, string> {
  const names = new Map<number, string>();
  for (
    let token = tokens.next();
    token !== undefined && token !== 'def' && token !== 'readonly';
    token = tokens.next()
  ) {
    if (token !== 'dup') continue;
    const code = numberOf(tokens.next());
    const name = tokens.next();
    if (code !== undefined && name !== undefined) addName(names, code, name);
  }
  return names;
}

function addName(names: Map<number, string>, code: number, token: string): void {
  if (!token.startsWith('/') || token === '/.notdef' || !(code >= 0 && code <= MAX_CODE)) return;
  names.set(code, token.slice(1));
}
