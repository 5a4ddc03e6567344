import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RedisSettings } from '@pdf-tools/runtime/redis';
import { TestProcess } from './processes.js';

const ROOT = new URL('../../../', import.meta.url);
const USERS = ['api', 'worker', 'scheduler', 'health', 'operator'] as const;

export type RedisUser = (typeof USERS)[number];

/** A Redis as the product starts its own, with its users and its persistence, in a folder of the test's. */
export class TestRedis {
  readonly #folders: { readonly secrets: string; readonly acl: string; readonly redis: string };

  constructor(
    readonly port: number,
    folder: string,
  ) {
    const below = (name: string): string => join(folder, name);
    this.#folders = { secrets: below('secrets'), acl: below('acl'), redis: below('redis') };
    for (const made of Object.values(this.#folders)) mkdirSync(made, { recursive: true });
    for (const user of USERS) writeFileSync(this.#passwordFile(user), randomBytes(16).toString('hex'));
  }

  /** Path of its Unix socket. */
  get socket(): string {
    return join(this.#folders.redis, 'redis.sock');
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}/0`;
  }

  start(): TestProcess {
    const { secrets, acl, redis } = this.#folders;
    const script = fileURLToPath(new URL('compose/redis-start.sh', ROOT));
    const conf = fileURLToPath(new URL('compose/redis.conf', ROOT));
    const address = ['--bind', '127.0.0.1', '--port', String(this.port), '--unixsocket', this.socket];
    const options = [...address, '--unixsocketperm', '700', '--dir', redis];
    return new TestProcess('redis', 'sh', [script, conf, secrets, acl, ...options], {});
  }

  /** How a service logs in, as its environment. */
  environmentOf(user: RedisUser): Readonly<Record<string, string>> {
    return { REDIS_URL: this.url, REDIS_USERNAME: user, REDIS_PASSWORD_FILE: this.#passwordFile(user) };
  }

  /** How a test logs in. */
  settingsOf(user: RedisUser): RedisSettings {
    return { url: this.url, username: user, password: readFileSync(this.#passwordFile(user), 'utf8') };
  }

  #passwordFile(user: RedisUser): string {
    return join(this.#folders.secrets, `redis_${user}_password`);
  }
}
