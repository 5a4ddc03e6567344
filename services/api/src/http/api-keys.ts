import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ConfigError } from '@pdf-tools/runtime/config';

/** What a key may do beside what everybody may; undefined where the general limit holds. */
export interface KeyLimits {
  /** Calls in the window of the rate limit. */
  readonly rate?: number | undefined;
  /** Most bytes of all files of one call together. */
  readonly maxUploadBytes?: number | undefined;
}

/** A caller as its key tells: the key's name, empty in an API without keys, and its limits. */
export interface Caller {
  readonly name: string;
  readonly limits: KeyLimits;
}

interface Key extends Caller {
  readonly hash: Buffer;
}

const ITEM = /^([\w.-]{1,64}):(.+?)((?:;(?:rate|upload)=\d{1,12})*)$/;
const HASHED = /^sha256:([0-9a-f]{64})$/i;
const ANYBODY: Caller = { name: '', limits: {} };

/**
 * The configured API keys. Only their hashes are kept, and comparing takes as long for a wrong key as for a right one.
 * A plain SHA-256 is enough where `make key` made the key: nobody guesses 256 random bits, however fast the hash; a slow
 * one is for passwords, and would cost every call.
 */
export class ApiKeys {
  readonly #keys: readonly Key[];

  /**
   * Takes items `name:key` or `name:sha256:HEX`, each with `;rate=CALLS` and `;upload=BYTES` after it where the key has
   * limits of its own. A name may have several keys, so that one can follow another. Throws a ConfigError that names a
   * bad item by its position, never by its text.
   */
  constructor(items: readonly string[]) {
    this.#keys = items.map(readItem);
  }

  /** Does the API ask for a key? */
  get required(): boolean {
    return this.#keys.length > 0;
  }

  /** Who a request comes from; undefined where a valid key is missing. */
  identify(req: IncomingMessage): Caller | undefined {
    if (!this.required) return ANYBODY;
    const shown = shownKey(req);
    if (shown === undefined) return undefined;
    const hash = sha256(shown);
    let caller: Caller | undefined;
    for (const key of this.#keys) if (timingSafeEqual(key.hash, hash)) caller = key;
    return caller && { name: caller.name, limits: caller.limits };
  }
}

function readItem(item: string, position: number): Key {
  const [, name, key, limits = ''] = ITEM.exec(item) ?? [];
  const digest = HASHED.exec(key ?? '')?.[1];
  if (name === undefined || key === undefined || (digest === undefined && /^sha256:/i.test(key)))
    throw bad(position, 'is not of the form name:key or name:sha256:HEX');
  const hash = digest === undefined ? sha256(key) : Buffer.from(digest, 'hex');
  return { name, hash, limits: { rate: limit(limits, 'rate'), maxUploadBytes: limit(limits, 'upload') } };

  function limit(text: string, what: string): number | undefined {
    const value = new RegExp(`;${what}=(\\d+)`).exec(text)?.[1];
    if (value !== undefined && Number(value) < 1) throw bad(position, `has a limit ${what} of 0`);
    return value === undefined ? undefined : Number(value);
  }
}

function bad(position: number, what: string): ConfigError {
  return new ConfigError([`API_KEYS: item ${position + 1} ${what}`]);
}

function shownKey(req: IncomingMessage): string | undefined {
  const bearer = /^Bearer +(\S+) *$/i.exec(req.headers.authorization ?? '')?.[1];
  const plain = req.headers['x-api-key'];
  return bearer ?? (typeof plain === 'string' ? plain : undefined);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
