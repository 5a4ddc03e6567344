import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { ConfigError, list } from '@pdf-tools/runtime/config';
import type { Logger } from '@pdf-tools/runtime/logger';

/** How often the key file is checked for changes. Notifications of the kernel do not reach every bind mount. */
const CHECK_MS = 1_000;

/** Limits of one key. `undefined` means that the general limit applies. */
export interface KeyLimits {
  /** Calls in the window of the rate limit. */
  readonly rate?: number | undefined;
  /** Maximum bytes of all files of one call together. */
  readonly maxUploadBytes?: number | undefined;
}

/** The name and limits of the key that a caller sent. The name is empty in an API without keys. */
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
 * The configured API keys. Only their hashes are kept, and the comparison takes as long for a wrong key as for a right one.
 * SHA-256 is enough because `make key` draws 256 random bits, which no one can guess. A slow hash would cost every call.
 */
export class ApiKeys {
  #keys: readonly Key[] = [];
  #required = false;

  /**
   * Takes items `name:key` or `name:sha256:HEX`, each optionally followed by `;rate=CALLS` and `;upload=BYTES`. A name may
   * have several keys. Throws a ConfigError that names a bad item by its position, never by its text.
   */
  constructor(items: readonly string[]) {
    this.#replace(items);
  }

  /** Whether the API asks for a key. */
  get required(): boolean {
    return this.#required;
  }

  /** Returns the caller of a request, or undefined if a key is required and the request has no valid one. */
  identify(req: IncomingMessage): Caller | undefined {
    if (!this.required) return ANYBODY;
    const shown = shownKey(req);
    if (shown === undefined) return undefined;
    const hash = sha256(shown);
    let caller: Caller | undefined;
    for (const key of this.#keys) if (timingSafeEqual(key.hash, hash)) caller = key;
    return caller && { name: caller.name, limits: caller.limits };
  }

  /**
   * Reads the keys from `file` again whenever it changes, for as long as the process runs or until the returned function is
   * called. If the file cannot be read or has a bad item, the keys stay as they are and the log says why.
   */
  follow(file: string, log: Logger): () => void {
    const reload = (): void => {
      try {
        this.#replace(list(readFileSync(file, 'utf8')));
        log.info('API keys reloaded', { keys: this.#keys.length });
      } catch (error) {
        log.error('API keys not reloaded', { error });
      }
    };
    watchFile(file, { interval: CHECK_MS, persistent: false }, reload);
    return () => {
      unwatchFile(file, reload);
    };
  }

  /** Once the API requires a key it always does. An empty file may be half written and must not open the API. */
  #replace(items: readonly string[]): void {
    this.#keys = items.map(readItem);
    this.#required ||= this.#keys.length > 0;
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
