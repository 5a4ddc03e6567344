import { hash } from 'node:crypto';
import { Lexer } from '../syntax/lexer.js';
import { isOfType } from '../syntax/objects.js';
import { parseObject } from '../syntax/parser.js';
import type { TargetObjectNumber } from '../syntax/object-numbers.js';

/**
 * Finds objects that were already written. Keys are hashes of whole objects. For a stream these are all of its data and
 * its dictionary with its new numbers.
 */
export class ObjectDeduplicator {
  readonly #numbers = new Map<string, TargetObjectNumber>();

  /** Returns the number of the first object with this key, or undefined. */
  find(key: string): TargetObjectNumber | undefined {
    return this.#numbers.get(key);
  }

  remember(key: string, num: TargetObjectNumber): void {
    this.#numbers.set(key, num);
  }

  /** The key of a stream. */
  static streamKey(dict: string, digest: Buffer): string {
    return digest.toString('base64') + (dict.length > MAX_PLAIN_KEY_LENGTH ? hash('sha256', dict, 'base64') : dict);
  }

  /**
   * The key of an object that is not a stream. Undefined if the object has an identity beyond its value, such as a
   * page, a field or a layer. Fonts and their parts, graphics states and colour spaces have none.
   */
  static objectKey(text: string): string | undefined {
    if (text.length < MIN_SHARED_LENGTH || !isValue(text)) return undefined;
    return hash('sha256', text, 'base64');
  }
}

/** Text up to this length is a key without hashing. */
const MAX_PLAIN_KEY_LENGTH = 200;
/** Sharing a shorter object saves nothing. */
const MIN_SHARED_LENGTH = 24;
const TYPES = ['Font', 'FontDescriptor', 'Encoding', 'ExtGState'];
const HAS_TYPE = new RegExp(String.raw`/Type\s*/(?:${TYPES.join('|')})\b`);

function isValue(text: string): boolean {
  if (text.startsWith('[')) return true;
  if (!HAS_TYPE.test(text)) return false;
  const value = parseObject(new Lexer(Buffer.from(text, 'latin1'), 0));
  return TYPES.some((type) => isOfType(value, type));
}
