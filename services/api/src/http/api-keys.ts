import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ConfigError } from '@pdf-tools/shared/config';

interface Key {
  readonly name: string;
  readonly hash: Buffer;
}

const NAME = /^[\w.-]{1,64}$/;

/** The configured API keys. Only hashes are kept, and comparing takes as long for a wrong key as for a right one. */
export class ApiKeys {
  readonly #keys: readonly Key[];

  /** Takes `name:key` items. Throws a ConfigError that names the bad item by its position, never by its text. */
  constructor(items: readonly string[]) {
    this.#keys = items.map((item, position) => {
      const colon = item.indexOf(':');
      const name = item.slice(0, Math.max(0, colon));
      if (!NAME.test(name) || colon + 1 === item.length)
        throw new ConfigError([`API_KEYS: item ${position + 1} is not of the form name:key`]);
      return { name, hash: sha256(item.slice(colon + 1)) };
    });
  }

  /** Does the API ask for a key? */
  get required(): boolean {
    return this.#keys.length > 0;
  }

  /** Name of the key that a request shows; empty in an API without keys; undefined where a valid key is missing. */
  identify(req: IncomingMessage): string | undefined {
    if (!this.required) return '';
    const shown = shownKey(req);
    if (shown === undefined) return undefined;
    const hash = sha256(shown);
    let name: string | undefined;
    for (const key of this.#keys) if (timingSafeEqual(key.hash, hash)) name = key.name;
    return name;
  }
}

function shownKey(req: IncomingMessage): string | undefined {
  const bearer = /^Bearer +(\S+) *$/i.exec(req.headers.authorization ?? '')?.[1];
  const plain = req.headers['x-api-key'];
  return bearer ?? (typeof plain === 'string' ? plain : undefined);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
