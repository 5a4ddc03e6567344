import { hash } from 'node:crypto';
import { Lexer } from '../syntax/lexer.js';
import { isOfType } from '../syntax/objects.js';
import { parseObject } from '../syntax/parser.js';
import type { TargetObjectNumber } from '../syntax/object-numbers.js';

/**
 * Finds objects that were written before, byte for byte. Keys are hashes of whole objects: of a stream that is all of
 * its data and its dictionary with the new numbers in it.
 */
export class ObjectDeduplicator {
  readonly #numbers = new Map<string, TargetObjectNumber>();

  /** The number of the first object with this key; undefined, and `num` kept for it, where there is none. */
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
   * The key of another object; undefined for one that is more than its value: a page, a field or a layer that looks like
   * another is still another. Fonts, their parts, graphics states and colour spaces are nothing but their value.
   */
  static objectKey(text: string): string | undefined {
    if (text.length < MIN_SHARED_LENGTH || !isValue(text)) return undefined;
    return hash('sha256', text, 'base64');
  }
}

/** Text that is no longer than this is a key itself. */
const MAX_PLAIN_KEY_LENGTH = 200;
/** Sharing less than this saves nothing. */
const MIN_SHARED_LENGTH = 24;
const TYPES = ['Font', 'FontDescriptor', 'Encoding', 'ExtGState'];
const HAS_TYPE = new RegExp(String.raw`/Type\s*/(?:${TYPES.join('|')})\b`);

function isValue(text: string): boolean {
  if (text.startsWith('[')) return true;
  if (!HAS_TYPE.test(text)) return false;
  const value = parseObject(new Lexer(Buffer.from(text, 'latin1'), 0));
  return TYPES.some((type) => isOfType(value, type));
}
